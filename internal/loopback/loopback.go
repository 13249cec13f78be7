// Package loopback answers one question in one place, since safety hangs on it: whether a
// host can only be this machine. Plain http, writes without asking and well-known
// credentials are for such hosts alone.
package loopback

import "net/netip"

// Host tells whether a host name, without its port, is localhost or a loopback address.
// Names that merely end in localhost are looked up like any other, and so are not.
func Host(name string) bool {
	if name == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.Unmap().IsLoopback()
}
