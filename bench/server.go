package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A server is a peer's process that runs a workload, on one core.
type server struct {
	cmd  *exec.Cmd
	port int
	dir  string
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func startServer(p peer, workload string) (*server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "hob-bench")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, make([]byte, 1<<20), 0o644); err != nil {
		return nil, err
	}
	s := &server{port: port, dir: dir}
	s.cmd = exec.Command("taskset", "-c", *serverCPU, p.bin, filepath.Join("bench", "workloads", workload+".js"))
	s.cmd.Env = append(os.Environ(), fmt.Sprintf("PORT=%d", port), "BENCH_FILE="+file, "NODE_ENV=production")
	s.cmd.Stderr = os.Stderr
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for range 200 {
		var res *http.Response
		if res, err = http.Get(fmt.Sprintf("http://127.0.0.1:%d/nothing", port)); err == nil {
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
			http.DefaultClient.CloseIdleConnections()
			return s, nil
		}
		if workload == "post" && !errors.Is(err, syscall.ECONNREFUSED) {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	s.stop()
	return nil, fmt.Errorf("the server did not answer: %w", err)
}

func (s *server) stop() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
	os.RemoveAll(s.dir)
}

// cpu is the time in seconds that the process has used, all threads, user and system.
func (s *server) cpu() (user, system float64) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, 0
	}
	f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	u, _ := strconv.ParseFloat(f[11], 64)
	k, _ := strconv.ParseFloat(f[12], 64)
	const ticks = 100 // USER_HZ, fixed in Linux's interface
	return u / ticks, k / ticks
}

// memory reads a size of /proc/PID/status, in KB.
func (s *server) memory(key string) float64 {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, key+":"); ok {
			n, _ := strconv.ParseFloat(strings.Fields(v)[0], 64)
			return n
		}
	}
	return 0
}

var (
	wrkRate   = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)
	wrkCount  = regexp.MustCompile(`(\d+) requests in`)
	wrkErrors = regexp.MustCompile(`(?:Socket errors|Non-2xx).*`)
)

// load warms a server up and then measures it under wrk.
func load(p peer, workload string) (map[string]float64, error) {
	s, err := startServer(p, workload)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	args := []string{"-c", *loadCPU, "wrk", "-t", "1", "-c", strconv.Itoa(*connections)}
	if workload == "post" {
		args = append(args, "-s", "bench/workloads/post.lua")
	}
	url := fmt.Sprintf("http://127.0.0.1:%d/", s.port)
	if workload == "async" {
		url += "users?id=7"
	}
	wrk := func(seconds int) (string, error) {
		b, err := exec.Command("taskset", append(args, "-d", fmt.Sprintf("%ds", seconds), url)...).CombinedOutput()
		return string(b), err
	}
	if text, err := wrk(2); err != nil {
		return nil, fmt.Errorf("wrk: %w\n%s", err, text)
	}
	user, system := s.cpu()
	text, err := wrk(*seconds)
	if err != nil {
		return nil, fmt.Errorf("wrk: %w\n%s", err, text)
	}
	user2, system2 := s.cpu()
	if e := wrkErrors.FindString(text); e != "" {
		return nil, fmt.Errorf("wrk saw errors: %s", e)
	}
	rate, count := wrkRate.FindStringSubmatch(text), wrkCount.FindStringSubmatch(text)
	if rate == nil || count == nil {
		return nil, fmt.Errorf("wrk printed: %s", text)
	}
	perSecond, _ := strconv.ParseFloat(rate[1], 64)
	n, _ := strconv.ParseFloat(count[1], 64)
	return map[string]float64{
		"requests/s":        perSecond,
		"cpu ns/request":    1e9 * (user2 - user + system2 - system) / n,
		"user ns/request":   1e9 * (user2 - user) / n,
		"system ns/request": 1e9 * (system2 - system) / n,
		"peak memory KB":    s.memory("VmHWM"),
	}, nil
}

// start measures a program that prints a line.
func start(p peer, name string) (map[string]float64, error) {
	cmd := exec.Command("taskset", "-c", *serverCPU, p.bin, filepath.Join("bench", "workloads", name+".js"))
	begin := time.Now()
	b, err := cmd.Output()
	wall := time.Since(begin)
	if err != nil || string(b) != "hello\n" {
		return nil, fmt.Errorf("printed %q: %w", b, err)
	}
	u := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return map[string]float64{
		"wall ms":        float64(wall.Microseconds()) / 1e3,
		"cpu ms":         float64((cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Microseconds()) / 1e3,
		"peak memory KB": float64(u.Maxrss),
	}, nil
}

// idle opens keep-alive connections that have had one answer each, and measures what each costs.
func idle(p peer, _ string) (map[string]float64, error) {
	var lim syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &lim); err != nil {
		return nil, err
	}
	lim.Cur = lim.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &lim); err != nil {
		return nil, err
	}
	if int(lim.Max) < *idleCount+100 {
		return nil, fmt.Errorf("the limit of open files is %d", lim.Max)
	}
	s, err := startServer(p, "hello")
	if err != nil {
		return nil, err
	}
	defer s.stop()
	warm, err := open(s.port, 200) // what the first connections make the program load is no cost of each
	defer closeAll(warm)
	if err != nil {
		return nil, err
	}
	time.Sleep(200 * time.Millisecond)
	before := s.memory("VmRSS")
	list, err := open(s.port, *idleCount)
	defer closeAll(list)
	if err != nil {
		return nil, err
	}
	n := float64(len(list))
	return map[string]float64{
		"peak KB/connection":     (s.memory("VmHWM") - before) / n,
		"resident KB/connection": (s.memory("VmRSS") - before) / n,
	}, nil
}

func open(port, n int) (list []net.Conn, err error) {
	buf := make([]byte, 4096)
	for range n {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return list, err
		}
		list = append(list, c)
		if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
			return list, err
		}
		for got := ""; !strings.Contains(got, "Hello World"); {
			k, err := c.Read(buf)
			if err != nil {
				return list, err
			}
			got += string(buf[:k])
		}
	}
	return list, nil
}

func closeAll(list []net.Conn) {
	for _, c := range list {
		c.Close()
	}
}
