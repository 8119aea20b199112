package dotenv

import (
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text string
		want []Var
	}{
		{"", nil},
		{"A=1\nB = two \n", []Var{{"A", "1"}, {"B", "two"}}},
		{"# note\nA=1 # note\nnothing\n", []Var{{"A", "1"}}},
		{"export A=1\r\nB=2\r\n", []Var{{"A", "1"}, {"B", "2"}}},
		{"A=\"x # y\" # z\nB='1\\n2'\nC=\"1\\n2\"\nD=`a'b\"`", []Var{{"A", "x # y"}, {"B", `1\n2`}, {"C", "1\n2"}, {"D", `a'b"`}}},
		{"A=\"one\ntwo\"\nB=3", []Var{{"A", "one\ntwo"}, {"B", "3"}}},
		{"A='open\nB=1", []Var{{"A", "'open"}, {"B", "1"}}},
		{"A=\nB==x", []Var{{"A", ""}, {"B", "=x"}}},
	} {
		if got := Parse(c.text); !reflect.DeepEqual(got, c.want) {
			t.Errorf("Parse(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"A=1", "A=\"x\ny\" # z\nB='", "export =", "=\n=", "\r\n#\nA = ` `\n", "A\n=\n'='"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, v := range Parse(text) {
			if v.Name == "" && !strings.Contains(text, "export") {
				t.Errorf("a variable without a name in %q", text)
			}
			if strings.Contains(v.Name, "=") {
				t.Errorf("name %q", v.Name)
			}
		}
	})
}
