package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"
)

// A socket of the netstack whose calls wait.
type socket struct {
	tcpip.Endpoint
	waiting *waiter.Queue
}

func open(options map[string]int, port uint16) (*socket, tcpip.Error) {
	waiting := new(waiter.Queue)
	endpoint, err := netstack.NewEndpoint(tcp.ProtocolNumber, ipv4.ProtocolNumber, waiting)
	if err != nil {
		return nil, err
	}
	s := &socket{endpoint, waiting}
	s.SocketOptions().SetReuseAddress(true)
	for name, value := range options {
		if err := s.option(name, value); err != nil {
			return nil, err
		}
	}
	if port == 0 {
		return s, nil
	}
	return s, s.Bind(tcpip.FullAddress{Port: port})
}

// Tries again at each event until the call does not block.
func (s *socket) wait(events waiter.EventMask, try func() tcpip.Error) tcpip.Error {
	entry, notified := waiter.NewChannelEntry(events | waiter.EventErr | waiter.EventHUp)
	s.waiting.EventRegister(&entry)
	defer s.waiting.EventUnregister(&entry)
	for {
		err := try()
		if _, blocks := err.(*tcpip.ErrWouldBlock); !blocks {
			return err
		}
		<-notified
	}
}

func (s *socket) dial(address string, port uint16) tcpip.Error {
	started := false
	return s.wait(waiter.WritableEvents, func() tcpip.Error {
		if started {
			if state := tcp.EndpointState(s.State()); state == tcp.StateSynSent || state == tcp.StateSynRecv {
				return &tcpip.ErrWouldBlock{}
			}
			return s.LastError()
		}
		started = true
		err := s.Connect(tcpip.FullAddress{Addr: parse(address), Port: port})
		if _, under := err.(*tcpip.ErrConnectStarted); under {
			return &tcpip.ErrWouldBlock{}
		}
		return err
	})
}

func (s *socket) accept() (*socket, tcpip.Error) {
	var accepted socket
	err := s.wait(waiter.ReadableEvents, func() (err tcpip.Error) {
		accepted.Endpoint, accepted.waiting, err = s.Accept(nil)
		return err
	})
	return &accepted, err
}

func (s *socket) send(data []byte) tcpip.Error {
	rest := bytes.NewReader(data)
	return s.wait(waiter.WritableEvents, func() tcpip.Error {
		for rest.Len() > 0 {
			at, _ := rest.Seek(0, io.SeekCurrent)
			count, err := s.Write(rest, tcpip.WriteOptions{})
			_, _ = rest.Seek(at+count, io.SeekStart)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// At most so many bytes; none at the end.
func (s *socket) recv(size int) ([]byte, tcpip.Error) {
	into := make([]byte, size)
	count := 0
	err := s.wait(waiter.ReadableEvents, func() tcpip.Error {
		writer := tcpip.SliceWriter(into)
		result, err := s.Read(&writer, tcpip.ReadOptions{})
		count = result.Count
		return err
	})
	if _, end := err.(*tcpip.ErrClosedForReceive); end {
		return nil, nil
	}
	s.ModerateRecvBuf(count)
	return into[:count], err
}

// Reads so many bytes, or to the end.
func (s *socket) drain(limit *int) (answer, tcpip.Error) {
	count, hash := 0, sha256.New()
	for limit == nil || count < *limit {
		size := 1 << 16
		if limit != nil && *limit-count < size {
			size = *limit - count
		}
		piece, err := s.recv(size)
		if err != nil {
			return nil, err
		}
		if len(piece) == 0 {
			break
		}
		count += len(piece)
		hash.Write(piece)
	}
	return answer{"count": count, "hash": hex.EncodeToString(hash.Sum(nil))}, nil
}

func (s *socket) option(name string, value int) tcpip.Error {
	options := s.SocketOptions()
	period := time.Duration(value) * time.Second
	switch name {
	case "SO_RCVBUF":
		options.SetReceiveBufferSize(int64(value), true)
	case "SO_SNDBUF":
		options.SetSendBufferSize(int64(value), true)
	case "SO_LINGER":
		options.SetLinger(tcpip.LingerOption{Enabled: true, Timeout: period})
	case "SO_KEEPALIVE":
		options.SetKeepAlive(value != 0)
	case "TCP_NODELAY":
		options.SetDelayOption(value == 0)
	case "TCP_KEEPIDLE":
		idle := tcpip.KeepaliveIdleOption(period)
		return s.SetSockOpt(&idle)
	case "TCP_KEEPINTVL":
		interval := tcpip.KeepaliveIntervalOption(period)
		return s.SetSockOpt(&interval)
	case "TCP_KEEPCNT":
		return s.SetSockOptInt(tcpip.KeepaliveCountOption, value)
	default:
		return &tcpip.ErrUnknownProtocolOption{}
	}
	return nil
}

// Closes with a reset.
func (s *socket) abort() {
	s.SocketOptions().SetLinger(tcpip.LingerOption{Enabled: true})
	s.Close()
}
