package audit

import (
	"fmt"
	"maps"

	"golang.org/x/mod/sumdb/tlog"
)

// tree grows a Merkle tree and remembers only its right edge and what was added.
type tree struct {
	size  int64
	known map[int64]tlog.Hash // by stored position
	added []node
}

type node struct {
	position int64
	hash     tlog.Hash
}

func newTree(size int64, edge map[int64]tlog.Hash) *tree { return &tree{size: size, known: edge} }

// edge lists the stored positions of the complete subtrees that make up a tree: all that growing it or hashing it needs.
func edge(size int64) []int64 {
	var positions []int64
	for level := 0; size>>level > 0; level++ {
		if n := size >> level; n&1 == 1 {
			positions = append(positions, tlog.StoredHashIndex(level, n-1))
		}
	}
	return positions
}

// ReadHashes implements tlog.HashReader over what the tree remembers.
func (t *tree) ReadHashes(positions []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(positions))
	for i, p := range positions {
		h, ok := t.known[p]
		if !ok {
			return nil, fmt.Errorf("the log's tree of %d leaves lacks the hash at position %d", t.size, p)
		}
		hashes[i] = h
	}
	return hashes, nil
}

// grow adds a leaf and returns the hashes that it completes, its own first.
func (t *tree) grow(leaf tlog.Hash) ([]node, error) {
	hashes, err := tlog.StoredHashesForRecordHash(t.size, leaf, t)
	if err != nil {
		return nil, err
	}
	first := tlog.StoredHashIndex(0, t.size)
	nodes := make([]node, len(hashes))
	for i, h := range hashes {
		nodes[i] = node{first + int64(i), h}
		t.known[nodes[i].position] = h
	}
	t.size++
	t.added = append(t.added, nodes...)
	return nodes, nil
}

// forget drops all but the right edge.
func (t *tree) forget() {
	kept := make(map[int64]tlog.Hash)
	for _, p := range edge(t.size) {
		kept[p] = t.known[p]
	}
	maps.DeleteFunc(t.known, func(p int64, _ tlog.Hash) bool { _, keep := kept[p]; return !keep })
	t.added = nil
}

func (t *tree) root() (tlog.Hash, error) { return tlog.TreeHash(t.size, t) }
