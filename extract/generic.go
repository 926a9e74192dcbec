package extract

import "schemer"

// readGeneric finds repeated post blocks by their structure.
func (p *page) readGeneric() ([]schemer.Post, float64) { return nil, 0 }
