package main

import (
	"fmt"
	"io"
	"net"
	"sync"

	"gvisor.dev/gvisor/pkg/tcpip"
)

// Takes connections at a port of the loopback on to an address, by way of the netstack.
func inward(c call) tcpip.Error {
	listener, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", c.From))
	check(err)
	go func() {
		for {
			near, err := listener.Accept()
			check(err)
			far, refused := open(nil, 0)
			if refused == nil {
				refused = far.dial(c.Address, c.Port)
			}
			if refused != nil {
				_ = near.(*net.TCPConn).SetLinger(0)
				near.Close()
				continue
			}
			go join(near.(*net.TCPConn), far)
		}
	}()
	return nil
}

// Takes connections at a port of the netstack on to the same port of the loopback.
func outward(c call) tcpip.Error {
	listener, err := open(nil, c.Port)
	if err == nil {
		err = listener.Listen(128)
	}
	if err != nil {
		return err
	}
	go func() {
		for {
			far, err := listener.accept()
			refuse(err)
			near, failed := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", c.Port))
			if failed != nil {
				far.abort()
				continue
			}
			go join(near.(*net.TCPConn), far)
		}
	}()
	return nil
}

// Carries bytes both ways until both ends are there, half closes and resets too.
func join(near *net.TCPConn, far *socket) {
	var both sync.WaitGroup
	both.Add(2)
	go func() {
		defer both.Done()
		for {
			piece, err := far.recv(1 << 16)
			if err != nil {
				_ = near.SetLinger(0)
				near.Close()
				return
			}
			if len(piece) == 0 {
				_ = near.CloseWrite()
				return
			}
			if _, failed := near.Write(piece); failed != nil {
				far.abort()
				return
			}
		}
	}()
	go func() {
		defer both.Done()
		into := make([]byte, 1<<16)
		for {
			count, failed := near.Read(into)
			if count > 0 && far.send(into[:count]) != nil {
				_ = near.SetLinger(0)
				near.Close()
				return
			}
			if failed == io.EOF {
				_ = far.Shutdown(tcpip.ShutdownWrite)
				return
			}
			if failed != nil {
				far.abort()
				return
			}
		}
	}()
	both.Wait()
	near.Close()
	far.Close()
}
