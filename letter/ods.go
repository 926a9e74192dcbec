package letter

import (
	"io"

	"schemer"
)

// odsType is the media type of an ODF 1.3 spreadsheet.
const odsType = "application/vnd.oasis.opendocument.spreadsheet"

// ODS writes the rows of [CSV] as an OpenDocument spreadsheet. Every cell is text; there is no formula in it, and none
// can be made by saving it in another form, since the cells are disarmed as those of the CSV are.
func ODS(w io.Writer, e schemer.Edition) error {
	rows := table(e)
	return pack(w, odsType, "templates/ods", struct {
		Edition    string
		Head       []string
		Rows       [][]string
		Unreviewed bool
	}{clean(e.Edition), rows[0], rows[1:], e.Unreviewed || !e.Frozen})
}
