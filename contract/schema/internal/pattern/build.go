package pattern

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Bounds of what is worth a table: beyond them, building takes longer than some milliseconds.
const (
	maxStates  = 512
	maxClasses = 200
	maxWork    = 2_000_000
)

// builder makes the table of an automaton.
type builder struct {
	*automaton
	program *syntax.Prog
	samples []rune // a member of each class
	states  map[string]uint16
	queue   []waiting
	work    int
	marks   []int // by instruction: the closure that visited it last
	closure int
}

// waiting is a state whose row is still to be made.
type waiting struct {
	number  uint16
	threads []uint32
	past    past
}

// newAutomaton reports false when the table would be large.
func newAutomaton(program *syntax.Prog) (*automaton, bool) {
	b := &builder{automaton: &automaton{}, program: program, states: map[string]uint16{}, marks: make([]int, len(program.Inst))}
	if !b.classify() {
		return nil, false
	}
	b.next = make([]uint16, 2*b.classes) // the rows of dead and matched are never read
	b.final = []bool{dead: false, matched: true}
	b.start, _ = b.state(nil, atStart)
	for done := 0; done < len(b.queue); done++ {
		if !b.row(b.queue[done]) {
			return nil, false
		}
	}
	return b.automaton, true
}

// classify divides the code points into classes that no instruction tells apart.
func (b *builder) classify() bool {
	cuts := []rune{0, utf8.RuneSelf}
	for i := 0; i < len(word); i += 2 {
		cuts = append(cuts, word[i], word[i+1]+1)
	}
	var readers []*syntax.Inst
	for i := range b.program.Inst {
		inst := &b.program.Inst[i]
		switch inst.Op {
		case syntax.InstRune, syntax.InstRune1:
			cuts = append(cuts, ends(inst.Rune)...)
		case syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			cuts = append(cuts, '\n', '\n'+1)
		default:
			continue
		}
		readers = append(readers, inst)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	if b.work += len(cuts) * len(readers); b.work > maxWork {
		return false
	}
	known := map[string]uint8{}
	for i, first := range cuts {
		if first > unicode.MaxRune {
			break
		}
		last := rune(unicode.MaxRune)
		if i+1 < len(cuts) {
			last = cuts[i+1] - 1
		}
		signature := make([]byte, 0, len(readers)+1)
		signature = appendBool(signature, word.has(first))
		for _, inst := range readers {
			signature = appendBool(signature, inst.MatchRune(first))
		}
		class, ok := known[string(signature)]
		if !ok {
			if len(known) == maxClasses {
				return false
			}
			class = uint8(len(known))
			known[string(signature)] = class
			b.samples = append(b.samples, first)
		}
		b.assign(first, last, class)
	}
	b.classes = len(known)
	return true
}

// ends gives where the pairs of an instruction begin, and where what follows them does. A
// character alone may stand for its other case too, which is how package regexp reads [Aa].
func ends(pairs []rune) []rune {
	var cuts []rune
	if len(pairs) == 1 {
		cuts = append(cuts, pairs[0], pairs[0]+1)
		for r := unicode.SimpleFold(pairs[0]); r != pairs[0]; r = unicode.SimpleFold(r) {
			cuts = append(cuts, r, r+1)
		}
		return cuts
	}
	for i := 0; i < len(pairs); i += 2 {
		cuts = append(cuts, pairs[i], pairs[i+1]+1)
	}
	return cuts
}

func appendBool(bits []byte, value bool) []byte {
	if value {
		return append(bits, 1)
	}
	return append(bits, 0)
}

func (b *builder) assign(first, last rune, class uint8) {
	if first >= utf8.RuneSelf {
		b.first, b.wide = append(b.first, first), append(b.wide, class)
		return
	}
	for r := first; r <= last; r++ {
		b.ascii[r] = class
	}
}

// state gives the number of a state, and queues it when it is new.
func (b *builder) state(threads []uint32, past past) (number uint16, ok bool) {
	slices.Sort(threads)
	threads = slices.Compact(threads)
	key := []byte{byte(past)}
	for _, thread := range threads {
		key = binary.LittleEndian.AppendUint32(key, thread)
	}
	if number, ok := b.states[string(key)]; ok {
		return number, true
	}
	number = uint16(len(b.final))
	if number == maxStates {
		return 0, false
	}
	b.states[string(key)] = number
	b.queue = append(b.queue, waiting{number, threads, past})
	b.next = append(b.next, make([]uint16, b.classes)...)
	_, matches := b.follow(threads, syntax.EmptyOpContext(past.rune(), -1))
	b.final = append(b.final, matches)
	return number, true
}

// row fills in what a state does at each class.
func (b *builder) row(from waiting) bool {
	// Only two things are seen of the next character before it is read: is it of a word.
	var readers [2][]uint32
	var matches [2]bool
	for i, next := range []rune{afterOther.rune(), afterWord.rune()} {
		readers[i], matches[i] = b.follow(from.threads, syntax.EmptyOpContext(from.past.rune(), next))
	}
	for class, sample := range b.samples {
		kind, past := 0, afterOther
		if word.has(sample) {
			kind, past = 1, afterWord
		}
		to, ok := uint16(matched), true
		if !matches[kind] {
			to, ok = b.step(readers[kind], sample, past)
		}
		if !ok || b.work > maxWork {
			return false
		}
		b.next[int(from.number)*b.classes+class] = to
	}
	return true
}

// step reads one character in every thread.
func (b *builder) step(readers []uint32, sample rune, past past) (uint16, bool) {
	var threads []uint32
	for _, pc := range readers {
		b.work++
		if inst := &b.program.Inst[pc]; inst.MatchRune(sample) {
			threads = append(threads, inst.Out)
		}
	}
	if len(threads) == 0 && b.anchored() {
		return dead, true
	}
	return b.state(threads, past)
}

// anchored tells whether a match can only begin where the text does.
func (b *builder) anchored() bool {
	return b.program.StartCond()&syntax.EmptyBeginText != 0
}

// follow goes from the threads, and from the beginning of the program because a match may
// start anywhere, to the instructions that read a character.
func (b *builder) follow(threads []uint32, holds syntax.EmptyOp) (readers []uint32, matches bool) {
	b.closure++
	stack := append(slices.Clone(threads), uint32(b.program.Start))
	for len(stack) > 0 {
		pc := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if b.marks[pc] == b.closure {
			continue
		}
		b.marks[pc] = b.closure
		b.work++
		switch inst := &b.program.Inst[pc]; inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			stack = append(stack, inst.Out, inst.Arg)
		case syntax.InstNop, syntax.InstCapture:
			stack = append(stack, inst.Out)
		case syntax.InstEmptyWidth:
			if wanted := syntax.EmptyOp(inst.Arg); wanted&^holds == 0 {
				stack = append(stack, inst.Out)
			}
		case syntax.InstMatch:
			matches = true
		case syntax.InstFail:
		default:
			readers = append(readers, pc)
		}
	}
	return readers, matches
}
