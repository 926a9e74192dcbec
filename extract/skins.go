package extract

// skins are the engines in the order in which they are tried. bbPress stands before WordPress, in which it lives.
var skins = []*skin{
	&phpbb, &phpbbTables, &mybb, &smf, &xenforo2, &xenforo1, &vbulletin5, &vbulletin4, &vbulletin3, &invision, &discourse, &nodebb,
	&flarum, &vanilla, &fluxbb, &punbb, &telegram, &hyperkitty, &bbpress, &wordpressBlock, &wordpress,
}
