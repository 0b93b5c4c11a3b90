// SPDX-License-Identifier: Apache-2.0
//
// stream.cpp: items from one thread to another, through our ring and the best
// known queues of C and C++, by Google Benchmark, which runs them in random
// order and prints its JSON.
//
//   stream --benchmark_filter=REGEX --benchmark_enable_random_interleaving=true --benchmark_format=json
//
//   c-to-c/QUEUE/batch:N/capacity:N/payload:N/wait:N   items_per_second: frames from thread to thread. Payload: bytes
//          of each that are written and read; 8: its descriptor alone, here a number. Wait: pauses between two looks
//          at a full or empty queue. What suits best differs from queue to queue: a peer's best setting is what counts.
//          frameferry-held: our ring, its ends in the threads' own variables, by one descriptor at a time
//   c-round-trip/QUEUE   one item there, by one queue, and back by another: p50, in ns, and p99, p999 and max
//   c-round-trip/ping-pong   the same with two words instead of queues: the machine's own floor
//   ring/frameferry/capacity:N   c-to-c by batches of 64, from small rings to large ones
//   pool/frameferry/frames:N     the same with 64 bytes a frame, from small pools to large ones
//
// Two threads, one processor each. round_trip_ns is the ping-pong just before
// and after the sample: a host that shares its cores moves them apart now and
// then. A consumer looks at every item; one that is not the next fails the
// benchmark, and the program ends with 1; with 77 where there is one processor.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "stream/pair.hpp"
#include "stream/stream.h"

namespace {

constexpr uint32_t frames_in_pool = 4096; // of each payload's pool, but where their number is what is measured
constexpr uint32_t descriptor = 8; // a payload of nothing but that
constexpr uint32_t largest_payload = 9000;
constexpr double sample_seconds = 0.02;
constexpr uint64_t first_try = 1 << 16; // frames
constexpr uint32_t asked = 20000;

std::vector<const contestant *> contestants()
{
    return {&stream_frameferry, &stream_frameferry_held,
#ifdef STREAM_BOOST
            &stream_boost,
#endif
#ifdef STREAM_CK
            &stream_ck,
#endif
#ifdef STREAM_DPDK
            &stream_dpdk,
#endif
#ifdef STREAM_MOODYCAMEL
            &stream_moodycamel,
#endif
    };
}

bool failed = false;

// Google Benchmark says so in its JSON, and ends as if all were well.
void fail(benchmark::State &state, const char *name, const char *what)
{
    state.SkipWithError(what);
    std::fprintf(stderr, "stream: %s: %s\n", name, what);
    failed = true;
}

struct setting {
    uint32_t batch, capacity, payload, wait;
    uint32_t frames = frames_in_pool;
};

// A pool for one stream.
struct frames {
    ferry_pool *pool = nullptr;
    ferry_geometry geometry{};

    explicit frames(const setting &s)
    {
        ferry_pool_config config{};
        config.frames = s.frames;
        config.frame_size = s.payload;
        config.ring_capacity = 64;
        config.bridges = 1;
        if (s.payload != descriptor && ferry_pool_open(&config, &pool) == FERRY_OK) {
            ferry_pool_geometry(pool, &geometry);
        }
    }

    frames(const frames &) = delete;

    ~frames()
    {
        if (pool != nullptr) {
            ferry_pool_free(pool);
        }
    }
};

using queue_owner = std::unique_ptr<queue, void (*)(queue *)>;

queue_owner open_queue(const contestant &c, uint32_t capacity)
{
    queue *opened = c.open(capacity);
    if (opened == nullptr) {
        throw std::bad_alloc();
    }
    return {opened, c.close};
}

// So many frames through a new queue. Returns the seconds, or a negative number if they came out wrong.
double stream(const contestant &c, const setting &s, const frames &from, uint64_t count, double *round_trip)
{
    queue_owner owner = open_queue(c, s.capacity);
    side sides[2]{};
    for (side &one : sides) {
        one.frames = count;
        one.batch = s.batch;
        one.pauses = s.wait;
        one.payload = s.payload != descriptor ? s.payload : 0;
        if (one.payload != 0) {
            one.geometry = &from.geometry;
            if (from.pool == nullptr || ferry_magazine_open(from.pool, &one.magazine) != FERRY_OK) {
                return -1;
            }
        }
    }
    double seconds = pair::run([&] { c.produce(owner.get(), &sides[0]); }, [&] { c.consume(owner.get(), &sides[1]); },
                               round_trip);
    for (side &one : sides) {
        if (one.magazine != nullptr) {
            ferry_magazine_close(one.magazine);
        }
    }
    return sides[1].wrong == 0 ? seconds : -1;
}

// As many as take about as long as a sample is meant to; 0 if they come out wrong.
uint64_t calibrated(const contestant &c, const setting &s, const frames &from)
{
    uint64_t count = s.payload != descriptor ? first_try / 16 : first_try;
    double seconds = stream(c, s, from, count, nullptr);
    if (seconds < 0) {
        return 0;
    }
    double wanted = static_cast<double>(count) * sample_seconds / std::max(seconds, 1e-6);
    return std::max<uint64_t>(1, static_cast<uint64_t>(wanted) / BATCH_MAX) * BATCH_MAX;
}

void stream_benchmark(benchmark::State &state, const contestant &c, const setting &s)
{
    frames from(s);
    uint64_t count = calibrated(c, s, from);
    for (auto _ : state) {
        double round_trip = 0;
        double seconds = count != 0 ? stream(c, s, from, count, &round_trip) : -1;
        if (seconds < 0) {
            fail(state, c.name, "a frame did not come, or not in order");
            return;
        }
        state.SetIterationTime(seconds);
        state.counters["round_trip_ns"] = round_trip;
    }
    state.SetItemsProcessed(static_cast<int64_t>(count));
}

void report(benchmark::State &state, const char *name, std::vector<uint32_t> &ns, double round_trip)
{
    std::sort(ns.begin(), ns.end());
    auto quantile = [&](double q) { return ns[static_cast<size_t>(q * static_cast<double>(ns.size() - 1))]; };
    if (ns.back() == UINT32_MAX) {
        fail(state, name, "an answer was not what had been asked");
        return;
    }
    state.SetIterationTime(quantile(0.5) * 1e-9);
    state.counters["p50"] = quantile(0.5);
    state.counters["p99"] = quantile(0.99);
    state.counters["p999"] = quantile(0.999);
    state.counters["max"] = ns.back();
    state.counters["round_trip_ns"] = round_trip;
}

void round_trip_benchmark(benchmark::State &state, const contestant &c)
{
    for (auto _ : state) {
        queue_owner there = open_queue(c, 1024), back = open_queue(c, 1024);
        std::vector<uint32_t> ns(asked);
        double round_trip = 0;
        pair::run([&] { c.ask(there.get(), back.get(), asked, ns.data()); },
                  [&] { c.answer(there.get(), back.get(), asked); }, &round_trip);
        report(state, c.name, ns, round_trip);
    }
}

void ping_pong_benchmark(benchmark::State &state)
{
    for (auto _ : state) {
        std::vector<uint32_t> ns(asked);
        pair::ball ball;
        double round_trip = 0;
        pair::run([&] { ball.ask(asked, ns.data()); }, [&] { ball.answer(asked); }, &round_trip);
        report(state, "ping-pong", ns, round_trip);
    }
}

template <class Function>
void add(const std::string &name, Function function)
{
    benchmark::RegisterBenchmark(name.c_str(), function)->UseManualTime()->Iterations(1)->Unit(benchmark::kNanosecond);
}

void add_stream(const std::string &workload, const std::string &parameters, const contestant &c, const setting &s)
{
    add(workload + "/" + c.name + parameters, [&c, s](benchmark::State &state) { stream_benchmark(state, c, s); });
}

std::string text(const setting &s)
{
    return "/batch:" + std::to_string(s.batch) + "/capacity:" + std::to_string(s.capacity) + "/payload:" +
           std::to_string(s.payload) + "/wait:" + std::to_string(s.wait);
}

void add_all()
{
    for (const contestant *c : contestants()) {
        for (uint32_t batch = 1; batch <= BATCH_MAX; batch *= 2) {
            for (uint32_t capacity : {1024u, 8192u}) {
                for (uint32_t wait : {1u, 10u, 30u, 100u, 300u}) {
                    for (uint32_t payload : {descriptor, 64u, 256u, 1500u, largest_payload}) {
                        setting s{batch, capacity, payload, wait};
                        add_stream("c-to-c", text(s), *c, s);
                    }
                }
            }
        }
        add(std::string("c-round-trip/") + c->name, [c](benchmark::State &state) { round_trip_benchmark(state, *c); });
    }
    add("c-round-trip/ping-pong", ping_pong_benchmark);
    for (uint32_t capacity = 64; capacity <= 65536; capacity *= 2) {
        add_stream("ring", "/capacity:" + std::to_string(capacity), stream_frameferry, {64, capacity, descriptor, 10});
    }
    for (uint32_t count = 256; count <= 1 << 20; count *= 4) {
        add_stream("pool", "/frames:" + std::to_string(count), stream_frameferry, {64, 128, 64, 10, count});
    }
}

} // namespace

int main(int count, char **arguments)
{
    if (CPU_COUNT(&pair::processors()) < 2) {
        std::fprintf(stderr, "stream: two threads that spin need two processors\n");
        return 77;
    }
    add_all();
    benchmark::AddCustomContext("compiler", STREAM_COMPILER);
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) {
        return 2;
    }
    benchmark::RunSpecifiedBenchmarks();
    return failed ? 1 : 0;
}
