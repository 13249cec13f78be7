package fault

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strconv"
)

// abort makes the server close the connection.
func abort(*exchange) { panic(http.ErrAbortHandler) }

// reset makes the kernel reset the connection: that is what closing does to one that is
// not to linger. Where no TCP connection can be had it only aborts.
func reset(x *exchange) {
	if conn, _, err := http.NewResponseController(x.to).Hijack(); err == nil {
		under := conn
		for wrapped, ok := under.(interface{ NetConn() net.Conn }); ok; wrapped, ok = under.(interface{ NetConn() net.Conn }) {
			under = wrapped.NetConn() // as a connection of TLS has one
		}
		if tcp, ok := under.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
			_ = tcp.Close() // TLS would say goodbye first
		}
		_ = conn.Close() // whatever wraps it may keep count
	}
	abort(x)
}

// sendMislabelled declares a Content-Length and sends the whole body, whatever its
// length. net/http lets nobody lie so, and the answer is written by hand.
func sendMislabelled(x *exchange, length int) {
	conn, _, err := http.NewResponseController(x.to).Hijack()
	if err != nil {
		// All that can be done here is to fall short of what was declared.
		x.sendHead(max(length, len(x.answer.body)+1))
		_, _ = x.to.Write(x.answer.body)
		x.flush()
		abort(x)
	}
	defer conn.Close()
	header := x.answer.header.Clone()
	header.Set("Content-Length", strconv.Itoa(length))
	header.Set("Connection", "close")
	var message bytes.Buffer
	fmt.Fprintf(&message, "HTTP/1.1 %d %s\r\n", x.answer.status, http.StatusText(x.answer.status))
	_ = header.Write(&message)
	message.WriteString("\r\n")
	message.Write(x.answer.body)
	_, _ = conn.Write(message.Bytes())
}
