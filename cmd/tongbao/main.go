// Command tongbao is a bank: the customers' app, the staff's console and the engine under both, in one binary.
//
//	tongbao serve --demo                    a bank with made-up customers, to try
//	tongbao keys create --keys /etc/tongbao/keys
//	tongbao serve --data /var/lib/tongbao --keys /etc/tongbao/keys --tls CERT.pem,KEY.pem
//	tongbao verify --data … --keys …        recompute the books and name the first breach
//	tongbao backup --data … --keys … --to /mnt/backup --every 1m
//	tongbao restore --data … --keys … --from /mnt/backup
//
// Every flag is also an environment variable (TONGBAO_LISTEN) and a line of the JSON file that --config names. A flag is
// stronger than a variable, and a variable than the file.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/tongbao/tongbao/internal/platform/log"
)

// version is set when the program is built: -ldflags "-X main.version=1.2.3".
var version = "dev"

// commands are the command line.
type commands struct {
	Config string `help:"JSON file with settings, as {\"listen\": \"…\"}; flags and TONGBAO_* variables are stronger." type:"path" placeholder:"FILE"`

	Serve   serveCommand   `cmd:"" help:"Serve the customers' app and the console."`
	Demo    demoCommand    `cmd:"" help:"Make a demo bank: customers and a year of their life, through the bank's own services."`
	Migrate migrateCommand `cmd:"" help:"Bring the tables up to date, as the role that owns them."`
	Day     dayCommand     `cmd:"" help:"Close business days, see how they stand, retry what was set aside."`
	Verify  verifyCommand  `cmd:"" help:"Recompute the books and the audit log; name the first breach and exit 1."`
	Prove   proveCommand   `cmd:"" help:"Print a proof that an audit record is in the sealed log."`
	Backup  backupCommand  `cmd:"" help:"Copy a bank on SQLite to another place, sealed, while it is served."`
	Restore restoreCommand `cmd:"" help:"Put a copy back into an empty folder, and verify the books."`
	Keys    keysCommand    `cmd:"" help:"Make, list or rotate the keys of the ring."`
	Staff   staffCommand   `cmd:"" help:"Make the first people of the bank, who invite the others in the console."`
	Bench   benchCommand   `cmd:"" help:"Measure a bank of its own under load, and verify its books."`
	Version versionCommand `cmd:"" help:"Print the version."`
	OpenAPI openAPICommand `cmd:"" name:"openapi" hidden:"" help:"Print the OpenAPI description."`
}

// garbagePercent lets the heap grow to four times what lives before it is collected: a bank keeps little in memory, and
// collecting half as often is a tenth more payments a second. GOGC says otherwise.
const garbagePercent = 300

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// run is main as a value: it parses, runs one command, and says how it went.
func run(ctx context.Context, args []string) int {
	command, err := new(commands).parse(ctx, args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "tongbao:", err)
		return 2
	}
	if err := command.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "tongbao:", err)
		return 1
	}
	return 0
}

// parse fills the commands from flags, TONGBAO_* variables and the config file, in the order of their strength.
func (c *commands) parse(ctx context.Context, args []string) (*kong.Context, error) {
	parser, err := kong.New(c, kong.Name("tongbao"), kong.Description("A mobile bank: apps, console and engine in one binary."),
		kong.DefaultEnvars("TONGBAO"), kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		return nil, fmt.Errorf("the command line: %w", err)
	}
	return parser.Parse(args)
}

// logger writes to standard error; standard output is for results.
func logger(level, format string) (*slog.Logger, error) {
	l, err := log.New(os.Stderr, level, format)
	if err != nil {
		return nil, fmt.Errorf("--log-level, --log-format: %w", err)
	}
	return l, nil
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run() error {
	fmt.Println("tongbao", version)
	return nil
}
