// Command probe is what containers of the tests run, and what tests execute beside other programs: it needs no library and no shell.
//
//	probe serve PORT [GRACE]  answers HTTP; after SIGTERM it finishes open requests, for GRACE at most
//	probe report              prints as JSON what the kernel says about process 1 of the container
//	probe write PATH…         tries to make, or to append to, each file, and prints as JSON why it couldn't ("" where it could)
//	probe fill PATH MEBIBYTES tries to make a file of this size, and prints as JSON why it couldn't
//	probe stat PATH           prints as JSON the mode and the owners of a file
//	probe read PATH           prints a file
//	probe list PATH           prints the names in a folder
//	probe get URL             prints the answer to a request; fails where there is none, or its status isn't 2xx
//	probe api PATH            the same of the API server, with the token that the pod holds
//	probe say TEXT [CODE]     prints the text and ends with the code
//	probe sleep DURATION      waits; SIGTERM ends it at once
//	probe pause               waits for SIGTERM and takes over orphans: the first process of a pod
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	log.SetFlags(0)
	arguments := append(os.Args[1:], "", "", "")
	switch first, second := arguments[1], arguments[2]; arguments[0] {
	case "serve":
		serve(first, second)
	case "report":
		printJSON(report())
	case "write":
		results := map[string]string{}
		for _, path := range os.Args[2:] {
			results[path] = write(path)
		}
		printJSON(results)
	case "fill":
		mebibytes, err := strconv.Atoi(second)
		check(err)
		printJSON(reason(fill(first, mebibytes)))
	case "stat":
		printJSON(stat(first))
	case "read":
		content, err := os.ReadFile(first)
		check(err)
		os.Stdout.Write(content)
	case "list":
		entries, err := os.ReadDir(first)
		check(err)
		for _, entry := range entries {
			fmt.Println(entry.Name())
		}
	case "get":
		get(&http.Client{Timeout: 5 * time.Second}, first, "")
	case "api":
		api(first)
	case "say":
		fmt.Println(first)
		code, _ := strconv.Atoi(second)
		os.Exit(code)
	case "sleep":
		duration, err := time.ParseDuration(first)
		check(err)
		select {
		case <-terminated():
		case <-time.After(duration):
		}
	case "pause":
		signal.Ignore(syscall.SIGCHLD)
		<-terminated()
	default:
		log.Fatalf("wrong arguments: %v", os.Args[1:])
	}
}

func serve(port, grace string) {
	listener, err := net.Listen("tcp", ":"+port)
	check(err)
	var hangs, unready atomic.Bool
	handler := http.NewServeMux()
	handler.HandleFunc("/", func(w http.ResponseWriter, request *http.Request) {
		if hangs.Load() {
			<-request.Context().Done()
		}
		fmt.Fprintln(w, "ok")
	})
	// /hang keeps / from being answered, /deaf closes the port: the program goes on, and is of no use.
	handler.HandleFunc("/hang", func(http.ResponseWriter, *http.Request) { hangs.Store(true) })
	handler.HandleFunc("/deaf", func(http.ResponseWriter, *http.Request) { listener.Close() })
	handler.HandleFunc("/unready", func(http.ResponseWriter, *http.Request) { unready.Store(true) })
	handler.HandleFunc("/ready", func(w http.ResponseWriter, _ *http.Request) {
		if unready.Load() {
			http.Error(w, "not now", http.StatusServiceUnavailable)
		}
	})
	handler.HandleFunc("/report", func(w http.ResponseWriter, _ *http.Request) { json.NewEncoder(w).Encode(report()) })
	handler.HandleFunc("/environment", func(w http.ResponseWriter, _ *http.Request) { json.NewEncoder(w).Encode(os.Environ()) })
	// /wait?for=2s answers late, as a request does that a shutdown has to wait for.
	handler.HandleFunc("/wait", func(w http.ResponseWriter, request *http.Request) {
		duration, err := time.ParseDuration(request.URL.Query().Get("for"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		log.Print("waiting")
		time.Sleep(duration)
		fmt.Fprintln(w, "waited")
	})
	// The kernel sends SIGTERM to nobody who has not asked for it where the process is the first of its namespace.
	end := terminated()
	server := &http.Server{Handler: handler}
	stopped := make(chan struct{})
	go func() {
		<-end
		log.Print("stopping")
		patience, err := time.ParseDuration(grace)
		if err != nil {
			patience = 20 * time.Second
		}
		deadline, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := server.Shutdown(deadline); err != nil {
			log.Fatalf("stopped with requests left: %v", err)
		}
		close(stopped)
	}()
	log.Printf("serving on %s", port)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		log.Fatal(err)
	}
	<-stopped
	log.Print("stopped")
}

// api trusts what the pod was given; the server's certificate names the address that it has outside of the node.
func api(path string) {
	const folder = "/var/run/secrets/kubernetes.io/serviceaccount/"
	token, err := os.ReadFile(folder + "token")
	check(err)
	authority, err := os.ReadFile(folder + "ca.crt")
	check(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"}}
	address := net.JoinHostPort(os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT"))
	get(&http.Client{Timeout: 5 * time.Second, Transport: transport}, "https://"+address+path, string(token))
}

func get(client *http.Client, url, token string) {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	check(err)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(request)
	check(err)
	defer response.Body.Close()
	io.Copy(os.Stdout, response.Body)
	if response.StatusCode >= 300 {
		log.Fatal(response.Status)
	}
}

func terminated() <-chan os.Signal {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	return signals
}

type mount struct {
	Path string `json:"path"`
	Type string `json:"type"`
	// Options are those of this mount, such as ro, noexec and nosuid.
	Options []string `json:"options"`
	// FileSystem has the options of what is mounted, such as size=262144k of a tmpfs and upperdir=… of an overlay.
	FileSystem []string `json:"fileSystem"`
}

type facts struct {
	// Status holds the lines of /proc/1/status: Uid, Gid, Groups, CapEff, NoNewPrivs, Seccomp, …
	Status map[string]string `json:"status"`
	Mounts []mount           `json:"mounts"`
}

func report() facts {
	result := facts{Status: map[string]string{}, Mounts: []mount{}}
	for _, line := range lines("/proc/1/status") {
		if name, value, found := strings.Cut(line, ":"); found {
			result.Status[name] = strings.Join(strings.Fields(value), " ")
		}
	}
	// 36 35 98:0 /root /path rw,noatime shared:1 - ext3 /dev/root rw
	for _, line := range lines("/proc/1/mountinfo") {
		fields := strings.Fields(line)
		for i, field := range fields {
			if field == "-" && i+3 < len(fields) {
				result.Mounts = append(result.Mounts, mount{
					Path: fields[4], Type: fields[i+1], Options: strings.Split(fields[5], ","), FileSystem: strings.Split(fields[i+3], ","),
				})
			}
		}
	}
	return result
}

// write leaves the file behind, so that another look can find it.
func write(path string) string {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = file.WriteString("written\n")
		file.Close()
	}
	return reason(err)
}

func fill(path string, mebibytes int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	for range mebibytes {
		if _, err := file.Write(make([]byte, 1<<20)); err != nil {
			return err
		}
	}
	return nil
}

// reason is without the operation and the path, which the caller knows.
func reason(err error) string {
	if err == nil {
		return ""
	}
	return errors.Unwrap(err).Error()
}

type ownership struct {
	// Mode is octal, such as 0440.
	Mode string `json:"mode"`
	User uint32 `json:"user"`
	// Group is whose the file is.
	Group uint32 `json:"group"`
}

func stat(path string) ownership {
	info, err := os.Stat(path)
	check(err)
	owners := info.Sys().(*syscall.Stat_t)
	return ownership{Mode: fmt.Sprintf("%04o", info.Mode().Perm()), User: owners.Uid, Group: owners.Gid}
}

func lines(path string) []string {
	content, err := os.ReadFile(path)
	check(err)
	return strings.Split(strings.TrimSpace(string(content)), "\n")
}

func printJSON(value any) {
	check(json.NewEncoder(os.Stdout).Encode(value))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
