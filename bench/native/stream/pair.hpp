// SPDX-License-Identifier: Apache-2.0
// pair.hpp: two threads on a processor each, and how far these are from each other. Called by the main thread.
#ifndef FERRY_STREAM_PAIR_HPP
#define FERRY_STREAM_PAIR_HPP

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "stream.h"

namespace pair {

// Two words on lines of their own, of which each thread writes one.
class ball {
    alignas(128) std::atomic<uint64_t> there{0};
    alignas(128) std::atomic<uint64_t> back{0};

public:
    // So many times there and back, and how long each took.
    void ask(uint32_t times, uint32_t *ns)
    {
        uint64_t start = back.load(std::memory_order_relaxed);
        for (uint32_t i = 0; i < times; i++) {
            auto from = std::chrono::steady_clock::now();
            there.store(start + i + 1, std::memory_order_release);
            while (back.load(std::memory_order_acquire) != start + i + 1) {
                pause_processor(1);
            }
            ns[i] = static_cast<uint32_t>((std::chrono::steady_clock::now() - from).count());
        }
    }

    void answer(uint32_t times)
    {
        uint64_t start = back.load(std::memory_order_relaxed);
        for (uint32_t i = 0; i < times; i++) {
            while (there.load(std::memory_order_acquire) != start + i + 1) {
                pause_processor(1);
            }
            back.store(start + i + 1, std::memory_order_release);
        }
    }
};

// The processors that the process may use, as they were at the first call: before any thread is pinned.
inline const cpu_set_t &processors()
{
    static const cpu_set_t allowed = [] {
        cpu_set_t set;
        CPU_ZERO(&set);
        sched_getaffinity(0, sizeof set, &set);
        return set;
    }();
    return allowed;
}

// The calling thread on the n-th of them, round and round.
inline void pin(int n)
{
    const cpu_set_t &allowed = processors();
    n %= CPU_COUNT(&allowed);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &allowed) && n-- == 0) {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            if (sched_setaffinity(0, sizeof one, &one) != 0) {
                std::perror("stream: a thread cannot be pinned");
                std::exit(1);
            }
        }
    }
}

// Seconds from the moment at which both threads begin to that at which the second has ended. round_trip, unless null: ns
// of the ball there and back, the mean of the medians just before and just after.
template <class First, class Second>
double run(First first, Second second, double *round_trip)
{
    constexpr uint32_t throws = 500;
    ball ball;
    using clock = std::chrono::steady_clock;
    clock::time_point begin, end;
    double trips[2] = {0, 0};
    pin(0);
    auto throw_ball = [&](double &trip) {
        uint32_t ns[throws];
        ball.ask(throws, ns);
        std::nth_element(ns, ns + throws / 2, ns + throws);
        trip = ns[throws / 2];
    };
    std::thread other([&] {
        pin(1);
        ball.answer(throws);
        second();
        end = clock::now();
        ball.answer(throws);
    });
    throw_ball(trips[0]);
    begin = clock::now();
    first();
    throw_ball(trips[1]);
    other.join();
    if (round_trip != nullptr) {
        *round_trip = (trips[0] + trips[1]) / 2;
    }
    return std::chrono::duration<double>(end - begin).count();
}

} // namespace pair

#endif
