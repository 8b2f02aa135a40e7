// Command relay joins the network namespace that it runs in with the outside: paths of Unix sockets, unlike ports, are seen from both.
//
//	relay enter SOCKET          serves HTTP CONNECT on a Unix socket: whoever opens it reaches the namespace's addresses
//	relay forward ADDRESS FILE  accepts TCP connections on an address and passes each to a Unix socket
//	relay leave SOCKET ADDRESS  accepts connections on a Unix socket and passes each to an address
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	log.SetFlags(log.Ltime | log.Lmicroseconds)
	if len(os.Args) == 3 && os.Args[1] == "enter" {
		serve("unix", os.Args[2], enter)
	}
	if len(os.Args) == 4 && os.Args[1] == "forward" {
		serve("tcp", os.Args[2], func(client net.Conn) { pass(client, client, "unix", os.Args[3], nil) })
	}
	if len(os.Args) == 4 && os.Args[1] == "leave" {
		serve("unix", os.Args[2], func(client net.Conn) { pass(client, client, "tcp", os.Args[3], nil) })
	}
	log.Fatalf("wrong arguments: %v", os.Args[1:])
}

func serve(network, address string, handle func(net.Conn)) {
	listener, err := net.Listen(network, address)
	if err != nil {
		log.Fatal(err)
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go handle(client)
	}
}

func enter(client net.Conn) {
	reader := bufio.NewReader(client)
	request, err := http.ReadRequest(reader)
	if err != nil || request.Method != http.MethodConnect {
		client.Close()
		return
	}
	pass(client, reader, "tcp", request.Host, func(err error) {
		if err != nil {
			fmt.Fprintf(client, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nX-Reason: %q\r\n\r\n", err)
		} else {
			fmt.Fprint(client, "HTTP/1.1 200 OK\r\n\r\n")
		}
	})
}

// pass copies both ways until both have ended; answer, where given, is told whether the address could be reached.
func pass(client net.Conn, input io.Reader, network, address string, answer func(error)) {
	defer client.Close()
	target, err := net.DialTimeout(network, address, 10*time.Second)
	if answer != nil {
		answer(err)
	}
	if err != nil {
		log.Printf("%s: %v", address, err)
		return
	}
	defer target.Close()
	ended := make(chan struct{})
	go func() {
		io.Copy(target, input)
		closeWrite(target)
		close(ended)
	}()
	io.Copy(client, target)
	closeWrite(client)
	<-ended
}

func closeWrite(connection net.Conn) {
	if half, ok := connection.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
}
