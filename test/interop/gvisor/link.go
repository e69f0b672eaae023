package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"net"
	"os"

	"gvisor.dev/gvisor/pkg/bufferv2"
	"gvisor.dev/gvisor/pkg/tcpip/link/channel"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
)

func carryOut(link *channel.Endpoint, wire net.Conn) {
	for {
		packet := link.ReadContext(context.Background())
		frame := []byte{0, 0, 0, 0}
		for _, part := range packet.AsSlices() {
			frame = append(frame, part...)
		}
		packet.DecRef()
		binary.BigEndian.PutUint32(frame, uint32(len(frame)-4))
		if _, err := wire.Write(frame); err != nil {
			os.Exit(0) // our cable was pulled out
		}
	}
}

func carryIn(wire net.Conn, link *channel.Endpoint) {
	in := bufio.NewReaderSize(wire, 1<<16)
	for {
		var length uint32
		if binary.Read(in, binary.BigEndian, &length) != nil {
			os.Exit(0)
		}
		frame := make([]byte, length)
		if _, err := io.ReadFull(in, frame); err != nil {
			os.Exit(0)
		}
		packet := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: bufferv2.MakeWithData(frame)})
		link.InjectInbound(0, packet)
		packet.DecRef()
	}
}
