package pdf_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/pdf"
)

func info() pdf.Info {
	zone := time.FixedZone("CST", 8*3600)
	return pdf.Info{Title: "账户明细 <&>", Author: "通宝银行", Subject: "2026年11月", Language: "zh-Hans", At: time.Date(2026, 11, 22, 9, 30, 0, 0, zone)}
}

func layout() pdf.Layout {
	return pdf.Layout{
		Size: pdf.A4, Margin: 48,
		Head: func(d *pdf.Document) {
			d.Coin(d.Left()+10, 34, 10, pdf.Jade)
			d.Text(d.Left()+28, 24, pdf.Large, "通宝银行")
			d.MoveTo(64)
		},
		Foot: func(d *pdf.Document, page, pages int) {
			d.Text(d.Size().Width/2, d.Bottom()+12, pdf.Small.To(pdf.Centre), fmt.Sprintf("%d/%d", page, pages))
		},
	}
}

// statement is a paper of about three pages with all that the package draws.
func statement(t testing.TB, rows int) []byte {
	t.Helper()
	d, err := pdf.New(info(), layout())
	if err != nil {
		t.Fatal(err)
	}
	d.Seal(480, 140, 52, pdf.Seal{Around: "通宝银行股份有限公司", Name: "电子回单专用章", Under: "2026-11-22"})
	d.Heading("账户交易明细")
	d.Pairs(2,
		pdf.Pair{Label: "户名", Value: "王小明"}, pdf.Pair{Label: "账号", Value: "6217 **** **** 3313"},
		pdf.Pair{Label: "附言", Value: "十一月房租，含水电费与物业管理费；如有疑问请致电 Example Property Management (Shanghai)", Wide: true})
	d.QR(480, 200, 60, "https://bank.example/r/abcdefghijklmnopqrstuv")
	d.Space(80)
	n := 0
	d.Table(pdf.Table{Columns: []pdf.Column{
		{Title: "日期", Share: 2}, {Title: "摘要", Share: 3, Lines: 2}, {Title: "对方", Share: 3}, {Title: "金额", Share: 2, Align: pdf.End}, {Title: "余额", Share: 2, Align: pdf.End},
	}}, func() ([]string, bool) {
		n++
		return []string{"2026-11-22", "转账", fmt.Sprintf("第%d户", n), fmt.Sprintf("-%d.50", n*37), "1,234,567.89"}, n <= rows
	})
	d.Stamp(300, 300, "已冲正", pdf.Cinnabar)
	out, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// tool runs one of poppler's programs on a file.
func tool(t *testing.T, data []byte, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, append(args[:len(args):len(args)], file)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func text(t *testing.T, data []byte) string {
	t.Helper()
	path, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed")
	}
	cmd := exec.Command(path, "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(data)
	var faults bytes.Buffer
	cmd.Stderr = &faults
	out, err := cmd.Output()
	if err != nil || faults.Len() > 0 {
		t.Fatalf("pdftotext: %v %s", err, faults.String())
	}
	return string(out)
}

func TestTextCanBeCopiedFromEveryPage(t *testing.T) {
	t.Parallel()
	got := text(t, statement(t, 80))
	for _, want := range []string{"账户交易明细", "王小明", "6217 **** **** 3313", "第1户", "第80户", "-2960.50", "1/3", "2/3", "3/3", "Example Property"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if n := strings.Count(got, "摘要"); n != 3 {
		t.Errorf("headings stand on %d pages, want 3", n)
	}
	if strings.Contains(got, "第81户") {
		t.Error("a row too many")
	}
}

func TestReadersLearnTitleLanguageAndPages(t *testing.T) {
	t.Parallel()
	paper := statement(t, 80)
	got := tool(t, paper, "pdfinfo")
	for _, want := range []string{"账户明细 <&>", "通宝银行", "Pages:           3", "A4"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if !bytes.Contains(paper, []byte("/Lang (zh-Hans)")) || !bytes.Contains(paper, []byte("账户明细 &lt;&amp;&gt;")) {
		t.Error("language or metadata is missing")
	}
	if fonts := tool(t, paper, "pdffonts"); !strings.Contains(fonts, "TONGBA+NotoSansSC") || !strings.Contains(fonts, "yes yes yes") {
		t.Errorf("the font is not an embedded subset with a map to text:\n%s", fonts)
	}
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	first := statement(t, 30)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if !bytes.Equal(first, statement(t, 30)) {
				t.Error("made at once with others, the document differs")
			}
		})
	}
	wg.Wait()
}

func TestNoCharacterIsSilentlyLost(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ in, want string }{
		"a common name":                      {"王小明", "王小明"},
		"a rare name of the standard table":  {"赵䶮 喆翀", "赵䶮 喆翀"},
		"a name beyond the basic plane":      {"𬭎𬸪", "𬭎𬸪"},
		"traditional characters":             {"臺灣銀行 龜", "臺灣銀行 龜"},
		"a character that no font has here":  {"李\U0002a6a5\U000e0100", "李[U+2A6A5]"},
		"a picture":                          {"谢谢😀", "谢谢[U+1F600]"},
		"an unassigned code point":           {"x\U0003fffe", "x[U+3FFFE]"},
		"a broken byte":                      {"a\xffb", "a[U+FFFD]b"},
		"direction and control characters":   {"a\u202eb\u200bc\x07d", "abcd"},
		"line breaks and tabs become spaces": {"one\ntwo\tthree", "one two three"},
		"latin with marks":                   {"Müller €5 – “q”", "Müller €5 – “q”"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := pdf.New(info(), pdf.Layout{Size: pdf.A5Landscape, Margin: 30})
			if err != nil {
				t.Fatal(err)
			}
			d.Heading(tc.in)
			paper, err := d.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(text(t, paper)); got != tc.want && !(strings.Contains(tc.want, "FFFD") && got == "a\ufffdb") {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestLinesBreakWhereTheyMay(t *testing.T) {
	t.Parallel()
	d, err := pdf.New(info(), layout())
	if err != nil {
		t.Fatal(err)
	}
	style := pdf.Style{Size: 10}
	for name, tc := range map[string]struct {
		width float64
		most  int
		in    string
		want  []string
	}{
		"between Chinese characters":       {41, 9, "一二三四五六", []string{"一二三四", "五六"}},
		"a mark never begins a line":       {41, 9, "一二三四，五", []string{"一二三", "四，五"}},
		"at spaces":                        {60, 9, "one two three four", []string{"one two", "three four"}},
		"inside a word wider than a line":  {41, 9, "6217000000000003313", nil},
		"no more lines than allowed":       {41, 1, "一二三四五六", []string{"一二三…"}},
		"an empty text is one empty line":  {41, 1, "", []string{""}},
		"a character wider than the width": {4, 9, "一二", []string{"一", "二"}},
	} {
		got := d.Wrap(tc.width, style, tc.most, tc.in)
		if tc.want != nil && strings.Join(got, "|") != strings.Join(tc.want, "|") {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
		for _, line := range got {
			if w := d.Measure(style, line); w > max(tc.width, 10)+0.01 {
				t.Errorf("%s: %q is %.1f wide, more than %.1f", name, line, w, tc.width)
			}
		}
		if tc.want == nil && strings.Join(got, "") != tc.in {
			t.Errorf("%s: %q lost something of %q", name, got, tc.in)
		}
	}
}

func BenchmarkAStatementOfThreePages(b *testing.B) {
	statement(b, 80) // unpacks the font
	for b.Loop() {
		statement(b, 80)
	}
}
