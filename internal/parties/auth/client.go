package auth

import (
	"net/netip"
	"strings"
	"unicode"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/i18n"
)

// Audience is the application that a session is for. A session of one is nothing to the other.
type Audience string

// The audiences.
const (
	App     Audience = "app"     // customers' mobile application
	Console Audience = "console" // staff's console
)

// Client is the program through which somebody acts, as its cookie and headers tell.
type Client struct {
	Audience Audience
	Device   crypto.Secret // the device's token; empty when it has none yet
	Agent    string        // User-Agent: only a coarse name is kept of it
	Hint     string        // model or platform that a native app or a client hint names; wins over Agent
	Locale   i18n.Locale   // language of codes and warnings
}

// nameMost is how long the name of a device may be, in characters.
const nameMost = 40

// name is the coarse name under which a person recognises a device: "Chrome, Android".
func (c Client) name() string {
	hint := strings.TrimFunc(c.Hint, func(r rune) bool { return r == '"' || unicode.IsSpace(r) })
	hint = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(hint, ""))
	browser, system := first(c.Agent, browsers()), first(c.Agent, systems())
	if hint != "" {
		system = hint
	}
	name := []rune(strings.Trim(browser+", "+system, ", "))
	return string(name[:min(len(name), nameMost)])
}

// word is a name and the text in a User-Agent that gives it away.
type word struct{ mark, name string }

// browsers stand in the order in which they must be looked for: Edge and WeChat also call themselves Chrome and Safari.
func browsers() []word {
	return []word{
		{"Tongbao", "Tongbao"}, {"MicroMessenger", "WeChat"}, {"AlipayClient", "Alipay"}, {"HuaweiBrowser", "Huawei Browser"},
		{"MiuiBrowser", "Mi Browser"}, {"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"},
		{"Firefox/", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
}

// systems likewise: Android also calls itself Linux, and an iPad a Mac.
func systems() []word {
	return []word{
		{"OpenHarmony", "HarmonyOS"}, {"HarmonyOS", "HarmonyOS"}, {"Android", "Android"}, {"iPhone", "iPhone"},
		{"iPad", "iPad"}, {"Windows", "Windows"}, {"Macintosh", "Mac"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
	}
}

func first(agent string, words []word) string {
	const most = 512 // bytes of an agent that are looked at
	agent = agent[:min(len(agent), most)]
	for _, w := range words {
		if strings.Contains(agent, w.mark) {
			return w.name
		}
	}
	return ""
}

// unknownNetwork is the network of an address that nobody told.
const unknownNetwork = "unknown"

// network is the coarse part of an address: a /24 of IPv4, a /48 of IPv6. It is all that is kept of an address, and
// what strangers share a count by.
func network(address string) string {
	const bits4, bits6 = 24, 48
	a, err := netip.ParseAddr(address)
	if err != nil {
		return unknownNetwork
	}
	a = a.Unmap().WithZone("")
	bits := bits4
	if a.Is6() {
		bits = bits6
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return unknownNetwork
	}
	return p.String()
}
