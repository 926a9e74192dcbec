package store

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schemer"
)

// TestPostIsEncodedAsJSONMarshalDoes fills posts at random, every field of every struct by reflection, so that a field
// that is added and not encoded is noticed.
func TestPostIsEncodedAsJSONMarshalDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p schemer.Post
		full := rapid.Bool().Draw(t, "full")
		fill(t, reflect.ValueOf(&p).Elem(), full)
		p.FirstSeen, p.LastSeen, p.GoneSince, p.Superseded = time.Time{}, time.Time{}, time.Time{}, false
		want, err := json.Marshal(&p)
		if err != nil {
			t.Fatal(err)
		}
		got, err := appendPost([]byte("before"), &p)
		if err != nil {
			t.Fatal(err)
		}
		if rest, ok := strings.CutPrefix(string(got), "before"); !ok || rest != string(want) {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	})
}

func TestPostThatJSONCannotHoldIsRefused(t *testing.T) {
	p := schemer.Post{CapturedAt: time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC)}
	if _, err := appendPost(nil, &p); err == nil {
		t.Error("a year of five digits was encoded")
	}
}

// fill sets a value at random; when full, to nothing that is empty.
func fill(t *rapid.T, v reflect.Value, full bool) {
	if !full && rapid.Bool().Draw(t, "empty") {
		return
	}
	if v.Type() == reflect.TypeFor[time.Time]() {
		sec := rapid.Int64Range(-1e9, 4e9).Draw(t, "sec")
		v.Set(reflect.ValueOf(time.Unix(sec, rapid.Int64Range(0, 1e9-1).Draw(t, "nsec")).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(rapid.OneOf(
			rapid.StringN(1, 40, 80),
			rapid.SampledFrom([]string{"a\"b\\c\n\r\t\b\f\x00\x1f\x7f", "<a href=\"x\">&amp;</a>", "\u2028\u2029", "\xff\xfe\xc3(", "Дедик « ü »"}),
		).Draw(t, "string"))
	case reflect.Int:
		v.SetInt(rapid.Int64Range(1, 1e9).Draw(t, "int"))
	case reflect.Float64:
		v.SetFloat(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{1, 0.5, 0.97, 4.2, 1e-7, 1e21, 1e20})).Draw(t, "float"))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rapid.IntRange(1, 3).Draw(t, "len"), 3))
		for i := range v.Len() {
			fill(t, v.Index(i), full)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), full)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), full)
		}
	default:
		t.Fatalf("fields of kind %s are not filled yet", v.Kind())
	}
}
