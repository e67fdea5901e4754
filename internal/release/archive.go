package main

import (
	"archive/tar"
	"archive/zip"
	"cmp"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// file is one of an archive; its name has slashes.
type file struct {
	name string
	mode fs.FileMode
	body []byte
}

type tree []file

func (t tree) get(name string) []byte {
	for _, f := range t {
		if f.name == name {
			return f.body
		}
	}
	return nil
}

func (t tree) sorted() tree {
	return slices.SortedFunc(slices.Values(t), func(a, b file) int { return cmp.Compare(a.name, b.name) })
}

// name is what the files of one target are called, without an ending.
func (r *release) name(t target) string {
	return "ad-user-sync-" + r.version + "-" + t.system + "-" + t.arch
}

func (r *release) archive(t target, contents tree) error {
	write, ending := tarGz, ".tar.gz"
	if t.system == "windows" {
		write, ending = zipped, ".zip"
	}
	out, err := os.Create(filepath.Join(r.out, r.name(t)+ending))
	if err != nil {
		return err
	}
	return errors.Join(write(out, r.name(t)+"/", contents.sorted(), r.time), out.Close())
}

func tarGz(w io.Writer, top string, contents tree, at time.Time) error {
	packed := gzip.NewWriter(w)
	archive := tar.NewWriter(packed)
	for _, f := range contents {
		header := &tar.Header{Name: top + f.name, Mode: int64(f.mode), Size: int64(len(f.body)), ModTime: at, Format: tar.FormatUSTAR}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if _, err := archive.Write(f.body); err != nil {
			return err
		}
	}
	return errors.Join(archive.Close(), packed.Close())
}

func zipped(w io.Writer, top string, contents tree, at time.Time) error {
	archive := zip.NewWriter(w)
	for _, f := range contents {
		header := &zip.FileHeader{Name: top + f.name, Method: zip.Deflate, Modified: at}
		header.SetMode(f.mode)
		entry, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := entry.Write(f.body); err != nil {
			return err
		}
	}
	return archive.Close()
}
