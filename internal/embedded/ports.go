package embedded

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"time"
)

// Ports are taken from below the ranges that systems hand out by themselves
// (Linux from 32768, macOS from 49152). Otherwise, while a server is down, an
// outgoing connection, even one dialling the server, could be given its port.
const (
	firstPort = 20000
	lastPort  = 31999
)

var errNoPort = errors.New("no free port on 127.0.0.1 between 20000 and 31999")

// freePort returns a port nobody listens on at this moment. Somebody may take
// it before the server does, so callers try again with another.
func freePort() (int, error) {
	for range 100 {
		if port := firstPort + rand.IntN(lastPort-firstPort+1); portFree(port) {
			return port, nil
		}
	}
	return 0, errNoPort
}

// portFree asks by listening, which sets SO_REUSEADDR as the servers do, and
// by dialling: on macOS another address's listener does not hinder the first.
func portFree(port int) bool {
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	listener, err := net.Listen("tcp4", address)
	if err != nil {
		return false
	}
	if err := listener.Close(); err != nil {
		return false
	}
	conn, err := net.DialTimeout("tcp4", address, time.Second)
	if err != nil {
		return true
	}
	_ = conn.Close() // somebody else answered; nothing was said
	return false
}

func takenError(name string, port int) error {
	return fmt.Errorf("embedded: port %d, which %s had, is now taken by another program", port, name)
}
