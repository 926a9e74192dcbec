package index

import (
	"slices"
	"testing"
)

func TestSkeletons(t *testing.T) {
	for w, want := range map[string][]string{
		"bulletproof":     nil,
		"bu11etproof":     {"bulletproof", "buiietproof"},
		"bulletрroof":     {"bulletproof"},
		"ВULLETPROOF":     {"bulletproof"},
		"b.u.l.l.e.t":     {"bullet"},
		"b-u-1-1-e-t":     {"bullet", "buiiet"},
		"bullet-proof":    {"bulletproof"},
		"bul\u200Bletpro": {"bulletpro"},
		"bullétproof":     {"bulletproof"},
		"сервер":          {"cepbep"},
		"хостинг":         nil,
		"2026":            nil,
		"10.0.0.1":        nil,
		"vps-host.ru":     nil,
		"phi$hing":        {"phishing"},
		"@buse":           {"abuse"},
		"海と山":             nil,
	} {
		if got := skeletons(w); !slices.Equal(got, want) {
			t.Errorf("skeletons of %q: %q, want %q", w, got, want)
		}
	}
}
