package crawler

import "time"

// Limits bounds what one exchange may cost. Zero values mean the defaults given with each field.
type Limits struct {
	Header   int           // bytes of a response head; 256 KiB
	Body     int           // bytes of an entity as sent, and again after decoding; 10 MiB
	Ratio    int           // decoded bytes per encoded byte; 100
	Floor    int           // decoded bytes that are fine at any ratio; 1 MiB
	Connect  time.Duration // name look-up, dial and TLS handshake, each; 10 s
	Answer   time.Duration // from the request's last byte to the end of the response head; 10 s
	Total    time.Duration // from the request's first byte to the response's last; 60 s
	Stall    time.Duration // without a single byte, and before MinRate counts; 10 s
	MinRate  int           // bytes a second after Stall; 256
	Robots   int           // bytes of robots.txt that are read; 500 KiB (RFC 9309 §2.5)
	Lease    time.Duration // how long a host is held; 5 min
	Redirect int           // hops followed for one target; 5
}

func (l Limits) withDefaults() Limits {
	orInt := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	orTime := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	orInt(&l.Header, 256<<10)
	orInt(&l.Body, 10<<20)
	orInt(&l.Ratio, 100)
	orInt(&l.Floor, 1<<20)
	orInt(&l.MinRate, 256)
	orInt(&l.Robots, 500<<10)
	orInt(&l.Redirect, 5)
	orTime(&l.Connect, 10*time.Second)
	orTime(&l.Answer, 10*time.Second)
	orTime(&l.Total, time.Minute)
	orTime(&l.Stall, 10*time.Second)
	orTime(&l.Lease, 5*time.Minute)
	return l
}
