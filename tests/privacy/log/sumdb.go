// Reads a log's folder with Go's own packages: the checkpoint's signature, every entry, some proofs.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type folder string

func (f folder) Height() int { return 8 }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		// Go writes tile/HEIGHT/LEVEL/…, tlog-tiles leaves the height out.
		path := "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) entry(n, size int64) []byte {
	tile := tlog.Tile{H: 8, L: 0, N: n / 256, W: 256}
	if width := size - tile.N*256; width < 256 {
		tile.W = int(width)
	}
	path := "tile/entries/" + strings.TrimPrefix(tile.Path(), "tile/8/0/")
	data, err := os.ReadFile(filepath.Join(string(f), path))
	must(err)
	for place := n % 256; place > 0; place-- {
		data = data[2+binary.BigEndian.Uint16(data):]
	}
	return data[2 : 2+binary.BigEndian.Uint16(data)]
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	here := folder(os.Args[1])
	verifier, err := note.NewVerifier(os.Args[2])
	must(err)
	signed, err := os.ReadFile(filepath.Join(string(here), "checkpoint"))
	must(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifier.Name() {
		log.Fatalf("origin %q", lines[0])
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)

	reader := tlog.TileHashReader(tree, here)
	var indexes []int64
	for n := int64(0); n < size; n++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, n))
	}
	hashes, err := reader.ReadHashes(indexes)
	must(err)
	for n, hash := range hashes {
		if tlog.RecordHash(here.entry(int64(n), size)) != hash {
			log.Fatalf("entry %d isn't what the tree holds", n)
		}
	}
	for _, asked := range os.Args[3:] {
		n, err := strconv.ParseInt(asked, 10, 64)
		must(err)
		proof, err := tlog.ProveRecord(size, n, reader)
		must(err)
		must(tlog.CheckRecord(proof, size, tree.Hash, n, hashes[n]))
	}
	fmt.Println("size", size, "entries", len(hashes), "proofs", len(os.Args[3:]))
}
