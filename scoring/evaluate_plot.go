package scoring

import (
	"bytes"
	"fmt"
	"math"
)

// calibrationBins is how many bars the plot has.
const calibrationBins = 10

// calibrate sorts probabilities into bins and returns the Brier score: the mean squared distance from what was right.
func calibrate(points []point) ([]Bin, float64) {
	bins := make([]Bin, calibrationBins)
	brier := 0.0
	for i := range bins {
		bins[i].From, bins[i].To = float64(i)/calibrationBins, float64(i+1)/calibrationBins
	}
	for _, p := range points {
		b := &bins[min(int(p.p*calibrationBins), calibrationBins-1)]
		b.Count++
		b.Mean += p.p
		right := 0.0
		if p.right {
			b.Right++
			right = 1
		}
		brier += (p.p - right) * (p.p - right)
	}
	var out []Bin
	for _, b := range bins {
		if b.Count > 0 {
			b.Mean = math.Round(1000*b.Mean/float64(b.Count)) / 1000
			out = append(out, b)
		}
	}
	if len(points) > 0 {
		brier /= float64(len(points))
	}
	return out, brier
}

// SVG draws the calibration as a plot: the probability given against the share that was right, circles as large as the
// number of candidates, the diagonal where both agree.
func (r Report) SVG() []byte {
	const size, margin = 320, 40
	at := func(x, y float64) (float64, float64) { return margin + x*size, margin + (1-y)*size }
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="Calibration: probability given against share that was right">`, size+2*margin, size+2*margin)
	fmt.Fprintf(&out, `<rect x="%d" y="%d" width="%d" height="%d" fill="none" stroke="#555"/>`, margin, margin, size, size)
	x0, y0 := at(0, 0)
	x1, y1 := at(1, 1)
	fmt.Fprintf(&out, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#999" stroke-dasharray="4 4"/>`, x0, y0, x1, y1)
	for i := 0; i <= 10; i += 2 {
		x, y := at(float64(i)/10, 0)
		fmt.Fprintf(&out, `<text x="%.1f" y="%.1f" font-size="11" text-anchor="middle">%.1f</text>`, x, y+16, float64(i)/10)
		x, y = at(0, float64(i)/10)
		fmt.Fprintf(&out, `<text x="%.1f" y="%.1f" font-size="11" text-anchor="end">%.1f</text>`, x-6, y+4, float64(i)/10)
	}
	for _, b := range r.Calibration {
		share := ratio(b.Right, b.Count)
		x, y := at(b.Mean, share)
		fmt.Fprintf(&out, `<circle cx="%.1f" cy="%.1f" r="%.1f" fill="#154273" fill-opacity="0.7"><title>given %.2f, right %d of %d</title></circle>`, x, y, 3+2*math.Sqrt(float64(b.Count)), b.Mean, b.Right, b.Count)
	}
	fmt.Fprintf(&out, `<text x="%d" y="%d" font-size="12" text-anchor="middle">probability given</text>`, margin+size/2, size+2*margin-6)
	fmt.Fprintf(&out, `<text x="14" y="%d" font-size="12" text-anchor="middle" transform="rotate(-90 14 %d)">share that was right</text></svg>`, margin+size/2, margin+size/2)
	out.WriteByte('\n')
	return out.Bytes()
}
