package extract

import (
	"crypto/sha256"
	"math/big"
	"strings"
)

const base58Digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

func allBase58(s string) bool {
	for i := range len(s) {
		if strings.IndexByte(base58Digits, s[i]) < 0 {
			return false
		}
	}
	return s != ""
}

// base58Coin reports whether w is a Base58Check address of a coin that we know: a version byte, 20 bytes of hash and
// four bytes of a double SHA-256.
func base58Coin(w string) bool {
	switch w[0] {
	case '1', '3', 'L', 'M', 'D', 'A', '9', 'T':
	default:
		return false
	}
	n := new(big.Int)
	for i := range len(w) {
		n.Mul(n, big.NewInt(58))
		n.Add(n, big.NewInt(int64(strings.IndexByte(base58Digits, w[i]))))
	}
	if n.BitLen() > 25*8 {
		return false
	}
	var b [25]byte
	n.FillBytes(b[:])
	zeros := 0
	for zeros < len(w) && w[zeros] == '1' {
		zeros++
	}
	for i := range zeros {
		if i < len(b) && b[i] != 0 {
			return false
		}
	}
	switch b[0] {
	case 0x00: // Bitcoin
		if zeros == 0 {
			return false
		}
	case 0x05, 0x30, 0x32, 0x1e, 0x16, 0x41: // Bitcoin script, Litecoin twice, Dogecoin twice, Tron
	default:
		return false
	}
	first := sha256.Sum256(b[:21])
	second := sha256.Sum256(first[:])
	return string(second[:4]) == string(b[21:])
}

// looksBech32 reports whether w begins like a SegWit address of Bitcoin or Litecoin. Made-up ones look so too; the
// checksum tells them apart.
func looksBech32(w string) bool {
	if len(w) < 14 || len(w) > 90 {
		return false
	}
	rest := ""
	for _, prefix := range [...]string{"bc1", "BC1", "ltc1", "LTC1", "tb1"} {
		if strings.HasPrefix(w, prefix) {
			rest = w[len(prefix):]
		}
	}
	if rest == "" || strings.IndexByte(rest, '_') >= 0 {
		return false
	}
	return rest == strings.ToLower(rest) || rest == strings.ToUpper(rest)
}

const bech32Digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// bech32Checksum verifies the checksum of BIP 173, or for later witness versions that of BIP 350.
func bech32Checksum(s string) bool {
	one := strings.LastIndexByte(s, '1')
	if one < 1 || one+7 > len(s) {
		return false
	}
	sum := uint32(1)
	step := func(v byte) {
		top := sum >> 25
		sum = (sum&0x1ffffff)<<5 ^ uint32(v)
		for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	for i := range one {
		step(s[i] >> 5)
	}
	step(0)
	for i := range one {
		step(s[i] & 31)
	}
	for i := one + 1; i < len(s); i++ {
		v := strings.IndexByte(bech32Digits, s[i])
		if v < 0 {
			return false
		}
		step(byte(v))
	}
	if s[one+1] == 'q' { // witness version 0
		return sum == 1
	}
	return sum == 0x2bc830a3
}

// eip55 verifies the mixed case of an Ethereum address. One case alone carries no checksum.
func eip55(digits string) bool {
	low := strings.ToLower(digits)
	if digits == low || digits == strings.ToUpper(digits) {
		return false
	}
	sum := keccak256([]byte(low))
	for i := range len(low) {
		half := sum[i/2] >> 4
		if i%2 == 1 {
			half = sum[i/2] & 15
		}
		if c := digits[i]; c > '9' && (c >= 'A' && c <= 'F') != (half >= 8) {
			return false
		}
	}
	return true
}

// moneroChecksum verifies an address of Monero: Base58 in blocks of 11 characters for 8 bytes, a Keccak-256 over all
// but the last four bytes.
func moneroChecksum(s string) bool {
	var raw []byte
	for s != "" {
		n := min(11, len(s))
		size := [...]int{0, 0, 1, 2, 0, 3, 4, 5, 0, 6, 7, 8}[n]
		if size == 0 {
			return false
		}
		v := new(big.Int)
		for i := range n {
			v.Mul(v, big.NewInt(58))
			v.Add(v, big.NewInt(int64(strings.IndexByte(base58Digits, s[i]))))
		}
		if v.BitLen() > 8*size {
			return false
		}
		block := make([]byte, size)
		raw = append(raw, v.FillBytes(block)...)
		s = s[n:]
	}
	if len(raw) < 5 {
		return false
	}
	sum := keccak256(raw[:len(raw)-4])
	return string(sum[:4]) == string(raw[len(raw)-4:])
}

// announcedWallet notes what stands after a coin's name as an address although it fits none: short, or made up.
func (f *mentionFinder) announcedWallet(end int) {
	at, strong := f.announced(end)
	if !strong {
		return
	}
	stop := at
	for stop < len(f.s) && isASCIIWord(f.s[stop]) {
		stop++
	}
	w := f.s[at:stop]
	if len(w) < 16 || len(w) >= 20 || !f.edgeAfter(stop) || !strings.ContainsAny(w, "0123456789") || !hasLetter(w) {
		return
	}
	f.add(mentionWallet, w, at, stop, looksBech32(w) && bech32Checksum(w))
}
