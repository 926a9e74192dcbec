package extract

import "golang.org/x/net/html"

// The sizes of slabs, and how many a page may leave for the next.
const (
	nodeSlab = 256
	attrSlab = 512
	maxSlabs = 512
)

// slabs lend nodes and attributes to a tree and take them back when its page is released.
type slabs struct {
	nodes     [][]html.Node // in use, each cut to what was taken
	attrs     [][]html.Attribute
	freeNodes [][]html.Node
	freeAttrs [][]html.Attribute
	open      []openTag
	active    []openTag // both only to be used again
}

// moreNodes puts a full slab away and returns an empty one.
func (s *slabs) moreNodes(full []html.Node) []html.Node {
	if full != nil {
		s.nodes = append(s.nodes, full)
	}
	if n := len(s.freeNodes); n > 0 {
		slab := s.freeNodes[n-1]
		s.freeNodes = s.freeNodes[:n-1]
		return slab
	}
	return make([]html.Node, 0, nodeSlab)
}

// moreAttrs puts a full slab away and returns one that begins with the attributes from first on, those of the tag that
// is being read.
func (s *slabs) moreAttrs(full []html.Attribute, first int) []html.Attribute {
	own := full[first:]
	if full != nil {
		s.attrs = append(s.attrs, full)
	}
	if n := len(s.freeAttrs); n > 0 && len(own) < attrSlab/2 {
		slab := s.freeAttrs[n-1]
		s.freeAttrs = s.freeAttrs[:n-1]
		return append(slab, own...)
	}
	return append(make([]html.Attribute, 0, max(attrSlab, 2*len(own))), own...)
}

// keep notes the slabs that a finished tree still fills.
func (s *slabs) keep(b *treeMaker) {
	clear(b.open)
	clear(b.active)
	s.open, s.active = b.open[:0], b.active[:0]
	s.nodes = append(s.nodes, b.nodes)
	if b.attrs != nil {
		s.attrs = append(s.attrs, b.attrs)
	}
}

// taken is how many nodes the finished tree has at most.
func (s *slabs) taken() int { return len(s.nodes) * nodeSlab }

// release takes back what the tree of a page used. The tree must not be used after it.
func (s *slabs) release() {
	for _, slab := range s.nodes {
		if clear(slab); len(s.freeNodes) < maxSlabs {
			s.freeNodes = append(s.freeNodes, slab[:0])
		}
	}
	for _, slab := range s.attrs {
		if clear(slab); len(s.freeAttrs) < maxSlabs && cap(slab) == attrSlab {
			s.freeAttrs = append(s.freeAttrs, slab[:0])
		}
	}
	clear(s.nodes)
	clear(s.attrs)
	s.nodes, s.attrs = s.nodes[:0], s.attrs[:0]
}
