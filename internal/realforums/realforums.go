// Package realforums holds the reader against software that nobody here wrote: WordPress from Debian and NodeBB from
// npm, started on loopback by .ci/real-forums and filled with threads of the demo. The package holds only that test,
// under the build tag realforums, and the scripts that fill the engines through their own functions.
package realforums
