package loop

const maxKept = 8192 // items

// batch is a queue that is run batch by batch: what a callback adds is left for
// the next run. Should a callback panic, the rest of its batch stays queued.
type batch[T any] struct {
	added   []T
	current []T
	next    int // index of the first item of current that has not run
}

func (b *batch[T]) len() int { return len(b.added) + len(b.current) - b.next }

func (b *batch[T]) add(item T) { b.added = append(b.added, item) }

// run calls fn for each item that is in the queue now and returns how many.
func (b *batch[T]) run(fn func(T)) int {
	if b.next == len(b.current) {
		b.turnOver(&b.added)
	}
	var zero T
	count := len(b.current) - b.next
	for b.next < len(b.current) {
		item := b.current[b.next]
		b.current[b.next] = zero
		b.next++
		fn(item)
	}
	return count
}

// turnOver makes what was added current; the two arrays swap roles, so a steady
// load allocates nothing. What a flood has made large is let go.
func (b *batch[T]) turnOver(added *[]T) {
	free := b.current[:0]
	if cap(free) > maxKept {
		free = nil
	}
	b.current, *added = *added, free
	b.next = 0
}
