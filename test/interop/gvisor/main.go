// The far end of a connection, played by the sockets of gVisor's netstack: a host on the Ethernet whose frames come and go
// over a UNIX socket, each behind its length (4 bytes, big-endian).
//
// Usage: main SOCKET ADDRESS PREFIX-LENGTH. Each line of the input is a call as JSON, each line of the output the answer to
// one; far.py speaks the same with the sockets of the kernel. Two calls are its own: "inward" takes connections at a port
// of the machine's loopback on to an address by way of the netstack, "outward" the other way round.
package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/link/channel"
	"gvisor.dev/gvisor/pkg/tcpip/link/ethernet"
	"gvisor.dev/gvisor/pkg/tcpip/network/arp"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
)

const (
	nic   = 1
	mtu   = 1500
	mac   = "\x02\x00\x00\x09\x00\x01"
	queue = 1 << 14 // frames that may wait to leave
)

var (
	netstack *stack.Stack
	sockets  sync.Map
	last     int
	lock     sync.Mutex
)

// The states as RFC 9293 spells them.
var states = strings.NewReplacer("WAIT1", "WAIT-1", "WAIT2", "WAIT-2", "RCVD", "RECEIVED")

// What a call says, and what the answer does.
type call struct {
	N       int            `json:"n"`
	Op      string         `json:"op"`
	Socket  int            `json:"socket"`
	Address string         `json:"address"`
	Port    uint16         `json:"port"`
	From    uint16         `json:"from"`
	Bytes   *string        `json:"bytes"`
	File    string         `json:"file"`
	Again   int            `json:"again"`
	Size    int            `json:"size"`
	Limit   *int           `json:"limit"`
	Name    string         `json:"name"`
	Value   int            `json:"value"`
	Options map[string]int `json:"options"`
}
type answer map[string]interface{}

func main() {
	length, err := strconv.Atoi(os.Args[3])
	check(err)
	wire, err := net.Dial("unix", os.Args[1])
	check(err)
	netstack = stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol, arp.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol},
	})
	sack := tcpip.TCPSACKEnabled(true)
	refuse(netstack.SetTransportProtocolOption(tcp.ProtocolNumber, &sack))
	link := channel.New(queue, mtu+14, mac) // ethernet.New takes its header off
	refuse(netstack.CreateNIC(nic, ethernet.New(link)))
	at := tcpip.AddressWithPrefix{Address: parse(os.Args[2]), PrefixLen: length}
	address := tcpip.ProtocolAddress{Protocol: ipv4.ProtocolNumber, AddressWithPrefix: at}
	refuse(netstack.AddProtocolAddress(nic, address, stack.AddressProperties{}))
	netstack.SetRouteTable([]tcpip.Route{{Destination: at.Subnet(), NIC: nic}})
	go carryOut(link, wire)
	go carryIn(wire, link)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		var c call
		check(json.Unmarshal(lines.Bytes(), &c))
		go reply(c)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func refuse(err tcpip.Error) {
	if err != nil {
		check(fmt.Errorf("%s", err))
	}
}

func parse(address string) tcpip.Address { return tcpip.Address(net.ParseIP(address).To4()) }

func reply(c call) {
	var s *socket
	if found, ok := sockets.Load(c.Socket); ok {
		s = found.(*socket)
	}
	result, err := perform(c, s)
	if err != nil {
		result = answer{"error": errno(err)}
	}
	result["n"] = c.N
	text, _ := json.Marshal(result)
	lock.Lock()
	defer lock.Unlock()
	fmt.Printf("%s\n", text)
}

// The errno of an error; its text where there is none.
func errno(err tcpip.Error) string {
	switch err.(type) {
	case *tcpip.ErrConnectionRefused:
		return "ECONNREFUSED"
	case *tcpip.ErrConnectionReset, *tcpip.ErrConnectionAborted:
		return "ECONNRESET"
	case *tcpip.ErrClosedForSend:
		return "EPIPE"
	case *tcpip.ErrTimeout:
		return "ETIMEDOUT"
	}
	return err.String()
}

func adopt(s *socket, err tcpip.Error) (answer, tcpip.Error) {
	if err != nil {
		return answer{}, err
	}
	lock.Lock()
	defer lock.Unlock()
	last++
	sockets.Store(last, s)
	return answer{"socket": last}, nil
}

func perform(c call, s *socket) (answer, tcpip.Error) {
	switch c.Op {
	case "listen":
		s, err := open(c.Options, c.Port)
		if err == nil {
			err = s.Listen(128)
		}
		return adopt(s, err)
	case "connect":
		s, err := open(c.Options, c.From)
		if err == nil {
			err = s.dial(c.Address, c.Port)
		}
		return adopt(s, err)
	case "accept":
		return adopt(s.accept())
	case "send":
		var data []byte
		if c.Bytes != nil {
			data, _ = hex.DecodeString(*c.Bytes)
		} else {
			data, _ = os.ReadFile(c.File)
		}
		data = bytes.Repeat(data, 1+c.Again)
		return answer{"count": len(data)}, s.send(data)
	case "recv":
		data, err := s.recv(c.Size)
		return answer{"bytes": hex.EncodeToString(data)}, err
	case "drain":
		return s.drain(c.Limit)
	case "shutdown":
		return answer{}, s.Shutdown(tcpip.ShutdownWrite)
	case "option":
		return answer{}, s.option(c.Name, c.Value)
	case "state":
		return answer{"state": states.Replace(tcp.EndpointState(s.State()).String())}, nil
	case "close":
		sockets.Delete(c.Socket)
		s.Close()
		return answer{}, nil
	case "inward":
		return answer{}, inward(c)
	case "outward":
		return answer{}, outward(c)
	}
	return answer{}, &tcpip.ErrNotSupported{}
}
