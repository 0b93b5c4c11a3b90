// SPDX-License-Identifier: Apache-2.0
//
// scale.cpp: what a frame costs as things grow, by Google Benchmark.
//
//   bridges/frameferry/bridges:N   one thread polls so many inline bridges by turns, 64 frames each, and gives the
//          frames back with the next poll. Their devices have a frame of 64 bytes whenever they are asked, and do not
//          write it: what is measured is the bridge.
//
// That each device filled as many frames as came out of its bridge is checked; else the program ends with 1.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>
#include <vector>

#include "frameferry/device.h"
#include "frameferry/frame.h"

namespace {

constexpr uint32_t frames = 8192;
constexpr uint32_t frame_bytes = 64;
constexpr uint32_t batch_size = 64;

// A source that never ends.
struct source {
    uint64_t filled = 0;
    ferry_device_ops ops{};
    ferry_device device{};
};

int32_t fill(void *self, ferry_slot *slots, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        slots[i].length = frame_bytes;
    }
    static_cast<source *>(self)->filled += n;
    return static_cast<int32_t>(n);
}

void open_source(source &s)
{
    s.ops.abi = FERRY_DEVICE_ABI;
    s.ops.bytes = sizeof s.ops;
    s.ops.flags = FERRY_DEVICE_PATIENT;
    s.ops.fill = fill;
    s.ops.arm = [](void *, uint32_t) -> int32_t { return FERRY_OK; };
    s.ops.wait = [](void *, int64_t) -> int32_t { return FERRY_ARM_RX; };
    s.ops.wake = [](void *) {};
    s.ops.close = [](void *) {};
    s.device = {&s.ops, &s};
}

bool failed = false;

void fail(benchmark::State &state, const char *what)
{
    state.SkipWithError(what);
    std::fprintf(stderr, "scale: %s\n", what);
    failed = true;
}

// One bridge, and the frames that its reader has.
struct reader {
    source from;
    int32_t bridge = -1;
    uint64_t batch[batch_size];
    uint32_t held = 0;
    uint64_t received = 0;
};

ferry_pool *open_pool(std::vector<reader> &readers)
{
    ferry_pool_config config{};
    config.frames = frames;
    config.frame_size = frame_bytes;
    config.ring_capacity = batch_size;
    config.bridges = static_cast<uint32_t>(readers.size());
    ferry_pool *pool = nullptr;
    if (ferry_pool_open(&config, &pool) != FERRY_OK) {
        return nullptr;
    }
    ferry_bridge_config inline_bridge{};
    inline_bridge.flags = FERRY_INLINE;
    inline_bridge.budget = batch_size;
    for (reader &r : readers) {
        open_source(r.from);
        r.bridge = ferry_bridge_open(pool, &r.from.device, &inline_bridge);
        if (r.bridge < 0) {
            ferry_pool_free(pool);
            return nullptr;
        }
    }
    return pool;
}

void bridges(benchmark::State &state, uint32_t count)
{
    std::vector<reader> readers(count);
    ferry_pool *pool = open_pool(readers);
    if (pool == nullptr) {
        fail(state, "no pool, or no bridge");
        return;
    }
    uint64_t before = 0;
    for (auto _ : state) {
        for (reader &r : readers) {
            int64_t n = ferry_bridge_poll(pool, r.bridge, r.batch, r.held, batch_size, 0);
            r.held = n > 0 ? static_cast<uint32_t>(n) : 0;
            r.received += r.held;
            before += r.held;
        }
    }
    state.SetItemsProcessed(static_cast<int64_t>(before));
    for (reader &r : readers) {
        if (r.received != r.from.filled || r.received == 0) {
            fail(state, "a bridge has lost frames");
        }
        ferry_bridge_poll(pool, r.bridge, r.batch, r.held, 0, 0);
        ferry_bridge_close(pool, r.bridge);
    }
    ferry_audit audit;
    if (ferry_pool_audit(pool, &audit) != FERRY_OK || audit.free != frames) {
        fail(state, "frames are missing in the pool");
    }
    ferry_pool_free(pool);
}

} // namespace

int main(int count, char **arguments)
{
    for (uint32_t n = 1; n <= FERRY_BRIDGES_MAX; n *= 2) {
        std::string name = "bridges/frameferry/bridges:" + std::to_string(n);
        benchmark::RegisterBenchmark(name.c_str(), [n](benchmark::State &state) { bridges(state, n); })->MinTime(0.05);
    }
    benchmark::AddCustomContext("compiler", STREAM_COMPILER);
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) {
        return 2;
    }
    benchmark::RunSpecifiedBenchmarks();
    return failed ? 1 : 0;
}
