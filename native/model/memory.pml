/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.pml: memory as threads of x86-64 see it, and sleeping on a word of it.
 * Part of napi.pml.
 *
 * What a thread stores goes into its store buffer, and from there to memory at
 * any later time, oldest first; a load sees the thread's own buffer before
 * memory; a fence waits until the buffer is empty.
 */
#define BUFFER 4 /* stores that a store buffer holds */

#define POLLER 0
#define SENDER 1
#define RECEIVER 2
#define THREADS 3

/* Words of the slab. Indices run on; `given` counts what the depot was given, and `starved` is the poller's bit. */
mtype = { tx_tail, tx_head, tx_consumer_waits, tx_producer_waits,
          rx_tail, rx_head, rx_consumer_waits, rx_producer_waits, given, starved };
#define WORDS 11 /* mtype counts from 1 */

typedef store_buffer {
    byte count;
    byte word[BUFFER];
    byte value[BUFFER]
};

byte memory[WORDS];
store_buffer buffer[THREADS];
byte at; /* 0 but while a step runs */

inline store(thread, which, what)
{
    d_step {
        buffer[thread].count < BUFFER ->
        buffer[thread].word[buffer[thread].count] = which;
        buffer[thread].value[buffer[thread].count] = what;
        buffer[thread].count++;
        printf("stores %e = %d, into its buffer\n", which, what)
    }
}

inline load(thread, which, result)
{
    d_step {
        result = memory[which];
        do
        :: at < buffer[thread].count ->
            if
            :: buffer[thread].word[at] == which -> result = buffer[thread].value[at]
            :: else
            fi;
            at++
        :: else -> break
        od;
        at = 0;
        printf("loads %e: %d\n", which, result)
    }
}

inline fence(thread)
{
    buffer[thread].count == 0
}

inline drain(thread)
{
    d_step {
        buffer[thread].count > 0 ->
        memory[buffer[thread].word[0]] = buffer[thread].value[0];
        printf("%e = %d reaches memory\n", buffer[thread].word[0], buffer[thread].value[0]);
        at = 1;
        do
        :: at < buffer[thread].count ->
            buffer[thread].word[at - 1] = buffer[thread].word[at];
            buffer[thread].value[at - 1] = buffer[thread].value[at];
            at++
        :: else -> break
        od;
        at = 0;
        buffer[thread].count--;
        buffer[thread].word[buffer[thread].count] = 0;
        buffer[thread].value[buffer[thread].count] = 0
    }
}

active proctype store_buffers()
{
    do
    :: drain(POLLER)
    :: drain(SENDER)
    :: drain(RECEIVER)
    od
}

/* ---- sleeping on a word, and waking who does (wait.c) ---- */

bit asleep[THREADS];

/* FUTEX_WAIT: the kernel compares and goes to sleep in one step. */
inline sleep_word(thread, which)
{
    atomic {
        buffer[thread].count == 0 ->
        asleep[thread] = (memory[which] == 1);
        printf("sleeps on %e: %d\n", which, asleep[thread])
    };
    !asleep[thread]
}

/* FUTEX_WAKE. */
inline wake_word(thread, which, sleeper)
{
    d_step {
        buffer[thread].count == 0 -> /* a system call comes after the stores before it */
        asleep[sleeper] = 0;
        printf("wakes who sleeps on %e\n", which)
    }
}
