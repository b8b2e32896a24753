package embedded

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"syscall"
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

// FreeAddress is one on 127.0.0.1 that nobody listens on at this moment, and
// that no outgoing connection is given: for a program that is started there, and
// started again. It may be taken before the program comes to it.
func FreeAddress() (string, error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), nil
}

// portFree dials. Trying to listen would say more, but a program that another
// goroutine starts at that moment inherits the listener until its exec, and the
// port then looks taken, by ourselves.
func portFree(port int) bool {
	conn, err := net.DialTimeout("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), time.Second)
	if err == nil {
		_ = conn.Close() // somebody answered; nothing was said
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

// errTaken tells that the server could not have its port.
var errTaken = errors.New("port is taken by another program")

// portTries is how often Start looks for a port when the one it found was
// taken before the server came to it.
const portTries = 5

// startAnywhere keeps *port when it is free, and moves on to another when it is
// not or is taken at the last moment.
func startAnywhere(port *int, start func() error) error {
	var err error
	for range portTries {
		if *port == 0 || errors.Is(err, errTaken) || !portFree(*port) {
			if *port, err = freePort(); err != nil {
				return err
			}
		}
		if err = start(); !errors.Is(err, errTaken) {
			return err
		}
	}
	return err
}

// startThere starts a server again on the port its clients know.
func startThere(port int, start func() error) error {
	if !portFree(port) {
		return fmt.Errorf("embedded: port %d: %w", port, errTaken)
	}
	return start()
}
