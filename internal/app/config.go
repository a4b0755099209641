// Package app puts the bank together: it reads the settings, opens every room in the order of the floors, hands each
// what it asks for, and serves. No rule of the bank lives here.
package app

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/parties/customer"
)

// Config are the settings of a node. Command line, TONGBAO_* variables and a config file fill it (cmd/tongbao).
type Config struct {
	Data            string        `help:"Folder of the bank's data." default:"data" type:"path"`
	Keys            string        `help:"Folder of the key ring; never inside the data folder, nor in its backups." type:"path"`
	Checkpoints     string        `help:"Folder for the signed checkpoints of the audit log, best on another machine; by default beside the keys." type:"path"`
	Database        string        `help:"sqlite:FILE or postgres://…; by default a file in the data folder."`
	Owner           string        `help:"postgres://… of the role that owns the tables and migrates; by default --database." placeholder:"URL"`
	Listen          string        `help:"Address of the customers' app." default:"127.0.0.1:8080"`
	ConsoleListen   string        `help:"Address of the staff's console." default:"127.0.0.1:8081"`
	MetricsListen   string        `help:"Address of metrics and health." default:"127.0.0.1:8082"`
	PublicURL       string        `help:"Where customers reach the app, https://bank.example." placeholder:"URL"`
	ConsoleURL      string        `help:"Where staff reach the console, https://console.bank.example." placeholder:"URL"`
	TrustedProxies  []string      `help:"Networks whose X-Forwarded-For is believed, such as 10.0.0.0/8." placeholder:"CIDR"`
	TLS             string        `help:"dev makes a certificate for this machine; else CERT.pem,KEY.pem." placeholder:"dev|CERT,KEY"`
	Demo            bool          `help:"Make a bank with demo data, and open /dev/inbox. Refused on a real bank."`
	Blobs           string        `help:"s3://BUCKET/FOLDER?endpoint=https://HOST:PORT&region=REGION keeps documents, sealed; by default the database does." placeholder:"URL"`
	BlobsKey        string        `help:"Access key of --blobs." placeholder:"KEY"`
	BlobsSecret     string        `help:"Secret of that key; best as TONGBAO_BLOBS_SECRET." placeholder:"SECRET"`
	Nats            string        `help:"URL of a NATS cluster; by default one runs inside." placeholder:"URL"`
	SMTP            string        `help:"smtp://user:password@host:587 for mail." placeholder:"URL"`
	MailFrom        string        `help:"Sender of mail." default:"bank@localhost"`
	SMS             string        `help:"URL of the SMS gateway." placeholder:"URL"`
	SMSSecret       string        `help:"Secret shared with the SMS gateway." placeholder:"SECRET"`
	Traces          string        `help:"URL of an OTLP collector for traces, http://host:4318/v1/traces." placeholder:"URL"`
	BankName        string        `help:"Name of the bank." default:"通宝银行"`
	AccountPrefix   string        `help:"First digits of account numbers (issuer prefix)." default:"621700"`
	Timezone        string        `help:"The bank's one time zone." default:"Asia/Shanghai"`
	DayCutOff       string        `help:"When the business day ends, in the bank's zone: 24:00, or a time from noon on." default:"24:00"`
	LogLevel        string        `help:"debug, info, warn or error." default:"info"`
	LogFormat       string        `help:"json or text." default:"text"`
	AllowSimulators bool          `help:"Let the built-in simulator check identities in a bank that is no demo: for trials with made-up people."`
	SimulatorDelay  time.Duration `help:"How long the built-in simulator takes for each answer." default:"3s"`
	Rates           string        `help:"Where rates of currencies come from: file:PATH or https://…, in the layout of the ECB's reference rates; simulator makes them up (the demo's default). By default none: nothing is exchanged." placeholder:"SOURCE"`
	RateScale       float64       `help:"Multiplies the request rates of the edge; 0 lifts them (load tests only)." default:"1"`
}

// Refusals of settings that would make a bank unsafe. Each message says what to do.
var (
	errNoKeys     = errors.New("no key ring: say --keys DIR (a folder outside the data folder, made by `tongbao keys create`)")
	errKeysInside = errors.New("the key ring lies inside the data folder, so a backup of the data would hold the keys: move it elsewhere and say --keys DIR")
	errPlain      = errors.New("plain HTTP on a public address: give --tls CERT,KEY, or listen on loopback behind a proxy named in --trusted-proxies")
	errPublicURL  = errors.New("--public-url must be https:// outside the demo")
	errSimulator  = errors.New("the built-in simulator would check identities, and it believes everybody: connect a provider (app.Options.Verify), or say --allow-simulators for a trial with made-up people")
	errNoURL      = errors.New("--public-url is missing: passkeys and the links of receipts need the address at which customers reach the app")
	errEverybody  = errors.New("--trusted-proxies: a network of all addresses would let everybody say which address is his")
	errNoRates    = errors.New("--rate-scale 0 is for load tests of a demo bank only")
)

// normalise fills what depends on other settings.
func (c *Config) normalise() error {
	if c.Database == "" {
		c.Database = "sqlite:" + filepath.Join(c.Data, "bank.db")
	}
	if c.Demo && c.Keys == "" {
		c.Keys = strings.TrimRight(c.Data, "/") + "-keys"
	}
	if c.Checkpoints == "" && c.Keys != "" {
		c.Checkpoints = filepath.Join(c.Keys, "checkpoints")
	}
	if c.Owner == "" {
		c.Owner = c.Database
	}
	if c.DayCutOff == "" {
		c.DayCutOff = "24:00"
	}
	return c.check()
}

// check refuses weak settings of a real bank, before anything is opened.
func (c *Config) check() error {
	if _, err := c.proxies(); err != nil {
		return err
	}
	if c.Keys == "" {
		return errNoKeys
	}
	inside, err := within(c.Keys, c.Data)
	if err != nil {
		return err
	}
	if inside {
		return errKeysInside
	}
	if c.Demo {
		return nil
	}
	if c.TLS == "" && len(c.TrustedProxies) == 0 && (!loopback(c.Listen) || !loopback(c.ConsoleListen)) {
		return errPlain
	}
	if c.PublicURL != "" && !strings.HasPrefix(c.PublicURL, "https://") {
		return errPublicURL
	}
	if c.PublicURL == "" && (len(c.TrustedProxies) > 0 || !loopback(c.Listen)) {
		return errNoURL
	}
	if c.RateScale <= 0 {
		return errNoRates
	}
	return nil
}

// checkProvider refuses a real bank whose customers nobody would check.
func (c *Config) checkProvider(p customer.Provider) error {
	simulated := p == nil || p.Name() == customer.Simulated
	if simulated && !c.Demo && !c.AllowSimulators {
		return errSimulator
	}
	return nil
}

func (c *Config) proxies() ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, s := range c.TrustedProxies {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxies: %w", err)
		}
		if p.Bits() == 0 {
			return nil, errEverybody
		}
		all = append(all, p)
	}
	return all, nil
}

// secureCookies says whether browsers treat the app's address as secure: TLS, or this very machine.
func (c *Config) secureCookies() bool {
	return c.TLS != "" || len(c.TrustedProxies) > 0 || loopback(c.Listen)
}

// address is how a browser on this machine reaches a listener.
func (c *Config) address(listen string) string {
	scheme := "http://"
	if c.TLS != "" {
		scheme = "https://"
	}
	host, port, err := net.SplitHostPort(listen)
	if ip, bad := netip.ParseAddr(host); host == "" || bad == nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		host = "localhost"
	}
	if err != nil {
		return scheme + listen
	}
	return scheme + net.JoinHostPort(host, port)
}

// origins are the addresses that the app is reached at.
func (c *Config) origins() []string {
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Host == "" {
		return nil
	}
	return []string{u.Scheme + "://" + u.Host}
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// within reports whether a path lies in a folder, following links as far as they exist.
func within(path, folder string) (bool, error) {
	p, err := resolve(path)
	if err != nil {
		return false, err
	}
	f, err := resolve(folder)
	if err != nil {
		return false, err
	}
	rel, err := filepath.Rel(f, p)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)), nil
}

func resolve(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("resolve %s: %w", path, err)
	}
	for at := abs; ; at = filepath.Dir(at) {
		real, err := filepath.EvalSymlinks(at)
		if err == nil {
			return filepath.Join(real, strings.TrimPrefix(abs, at)), nil
		}
		if !os.IsNotExist(err) || at == filepath.Dir(at) {
			return abs, nil //nolint:nilerr // nothing on the way exists: there is no link to follow
		}
	}
}
