package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"schemer"
)

// asProgram makes the test binary behave as schemer itself, so that a test can start and kill it.
const asProgram = "SCHEMER_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	testscript.Main(m, map[string]func(){"schemer": main})
}

// TestScripts runs the program as its users do: testdata/*.txt are sessions at the command line.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exitcode": exitcode, "flipbyte": flipByte, "samelist": sameList, "listjson": listJSON,
		},
	})
}

// exitcode N ARG... runs schemer and wants it to end with N.
func exitcode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode N ARG...")
	}
	err := ts.Exec("schemer", args[1:]...)
	code := 0
	if err != nil {
		if _, scanErr := fmt.Sscanf(err.Error(), "exit status %d", &code); scanErr != nil {
			ts.Fatalf("schemer %s: %v", strings.Join(args[1:], " "), err)
		}
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("schemer %s: exit status %d, want %s", strings.Join(args[1:], " "), code, args[0])
	}
}

// flipbyte GLOB flips one bit in the middle of the first file that matches.
func flipByte(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: flipbyte GLOB")
	}
	files, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(files) == 0 {
		ts.Fatalf("no file matches %s", args[0])
	}
	b, err := os.ReadFile(files[0])
	ts.Check(err)
	b[len(b)/2] ^= 0x10
	ts.Check(os.WriteFile(files[0], b, 0o600))
}

// samelist A B wants two lists to be the same apart from when they were made.
func sameList(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: samelist A B")
	}
	var text [2]string
	for i, name := range args {
		var e map[string]json.RawMessage
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(name)), &e))
		if len(e["candidates"]) < 100 {
			ts.Fatalf("%s holds no candidates", name)
		}
		delete(e, "generated_at")
		b, err := json.Marshal(e)
		ts.Check(err)
		text[i] = string(b)
	}
	if text[0] != text[1] {
		ts.Fatalf("%s and %s differ", args[0], args[1])
	}
}

// listjson FILE checks what other programs rely on: factors add up, evidence is quoted and located, ranks count up.
func listJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: listjson FILE")
	}
	var e schemer.Edition
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &e))
	proposed := 0
	for i, c := range e.Candidates {
		if c.Rank != i+1 {
			ts.Fatalf("%s: rank %d at place %d", c.Name, c.Rank, i+1)
		}
		sum := 0.0
		for _, f := range c.Factors {
			sum += f.Points
		}
		if d := sum - c.Score; d > 0.01 || d < -0.01 {
			ts.Fatalf("%s: factors add up to %.3f, the score is %.3f", c.Name, sum, c.Score)
		}
		if !c.Listed {
			continue
		}
		proposed++
		if c.Grade != schemer.GradeOpen && c.Grade != schemer.GradeHint {
			ts.Fatalf("%s: listed with grade %s", c.Name, c.Grade)
		}
		if len(c.Evidence) == 0 {
			ts.Fatalf("%s: listed without evidence", c.Name)
		}
		for _, q := range c.Evidence {
			if q.Quote == "" || q.URL == "" || q.SHA256 == "" || !strings.Contains(q.WARC, "#") || q.Admiralty == "" {
				ts.Fatalf("%s: incomplete evidence %+v", c.Name, q)
			}
		}
	}
	if proposed == 0 {
		ts.Fatalf("nobody is proposed")
	}
}
