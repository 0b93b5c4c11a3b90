/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver.c: the chapter's drivers against a simulated card: what each loses,
 * and what it costs. Prints one JSON object; see usage() for what can be asked.
 *
 *   interrupt   an interrupt for each packet, processed in its handler
 *   napi        Frameferry's poller: the packets of a round are processed
 *               before the next one
 *   moderated   the same, letting packets gather for 50 us after a short round
 *   failing     the chapter's first driver, whole: list, spin lock, malloc,
 *               interrupts; the consumer has a processor of its own
 *   optimised   the chapter's last driver, whole: ring, pool, NAPI, batches of
 *               32; in real time the consumer has a processor of its own
 *
 * Everything that arrives is accounted for, and packets come in order, or the
 * program fails: arrived = delivered + dropped + stalled + listDropped +
 * oversize. cpu is the share of its time that the processor that takes the
 * interrupts was not idle.
 */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "driver/run.h"

/* ---- for the drivers -------------------------------------------------------- */

ferry_device *open_card(const struct run *run, uint64_t frame_cycles)
{
    ferry_device *card;
    struct ferry_nic_config config = run->nic;
    config.processor_hz = run->costs.hz;
    config.interrupt_cycles = (uint32_t)run->costs.interrupt;
    config.look_cycles = (uint32_t)run->costs.look;
    config.frame_cycles = (uint32_t)frame_cycles;
    int32_t error = ferry_nic_open(&config, &card);
    if (error == FERRY_EINVAL) {
        check(false, "a number is out of range; driver --help has the ranges");
    }
    if (error != FERRY_OK) {
        fprintf(stderr, "driver: %s: %s\n", config.capture != NULL ? config.capture : "card", ferry_strerror(error));
        exit(1);
    }
    return card;
}

bool all_taken(struct run *run, const ferry_device *card)
{
    check(ferry_nic_statistics(card, &run->card) == FERRY_OK, "no statistics");
    return run->card.coming == 0 && run->card.queued == 0;
}

void process_packet(struct run *run, const uint8_t *data, uint32_t length)
{
    uint64_t number = run->expected;
    memcpy(&number, data, length < sizeof number ? length : sizeof number);
    check(number >= run->expected, "a packet came out of order, or twice");
    run->expected = number + 1;
    run->delivered++;
    for (uint32_t i = 0; i < (length < 64 ? length : 64); i++) {
        run->sum += data[i];
    }
}

void note_depth(struct run *run, uint64_t ns, uint64_t frames)
{
    bool due = run->depths == 0 || ns >= run->depth[run->depths - 1].ns + DEPTH_NS;
    if (run->depths_wanted && due && run->depths < DEPTHS) {
        run->depth[run->depths++] = (struct depth){ns, frames};
    }
}

/* ---- what is asked ----------------------------------------------------------- */

static void usage(FILE *out)
{
    fputs("usage: driver --driver interrupt|napi|moderated|failing|optimised [--clock real|virtual] [OPTION...]\n"
          "  --arrivals constant|poisson|bursty   how packets arrive (constant)\n"
          "  --capture FILE     with the sizes and gaps of a pcap or pcapng file\n"
          "  --line-rate BITS   a second, 1000000 .. 400000000000, whole millions (1000000000)\n"
          "  --load SHARE       of the line rate, 0.000001 .. 1 (1)\n"
          "  --bytes N          of a packet, 64 .. 9018 (64); failing takes at most 2048\n"
          "  --burst N          mean length of a burst, 1 .. 65536 (32)\n"
          "  --frames N         packets in all (1000000)\n"
          "  --seed N           of what is random (1)\n"
          "  --fifo N           packets that the card holds, 1 .. 65536 (512)\n"
          "  --hz N             the processor's cycles a second, 1000000 .. 100000000000 (1200000000)\n"
          "  --interrupt N      cycles of taking an interrupt, in both clocks (1000)\n"
          "  --look N --frame N --lock N --malloc N --crossing N\n"
          "                     cycles charged in virtual time (5 160 65 100 0)\n"
          "  --depth            the packets that wait, every 10 us, up to 1000 times\n",
          out);
}

static void refuse(const char *option, const char *value, const char *must)
{
    fprintf(stderr, "driver: --%s is %s, must be %s\n", option, value, must);
    exit(2);
}

static uint64_t number_of(const char *option, const char *text, uint64_t least, uint64_t most)
{
    char *end, must[80];
    uint64_t value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value < least || value > most || strlen(text) > 19) {
        snprintf(must, sizeof must, "a whole number, %" PRIu64 " .. %" PRIu64, least, most);
        refuse(option, text, must);
    }
    return value;
}

static uint32_t load_of(const char *text)
{
    char *end;
    double share = strtod(text, &end);
    if (*text == '\0' || *end != '\0' || !(share >= 1e-6 && share <= 1)) {
        refuse("load", text, "0.000001 .. 1");
    }
    return (uint32_t)(share * FERRY_NIC_LOAD_MAX + 0.5);
}

static uint32_t line_rate_of(const char *text)
{
    uint64_t bits = number_of("line-rate", text, 1000000, UINT64_C(400000000000));
    if (bits % 1000000 != 0) {
        refuse("line-rate", text, "whole millions of bits a second");
    }
    return (uint32_t)(bits / 1000000);
}

static const char *const drivers[] = {"interrupt", "napi", "moderated", "failing", "optimised", NULL};
static const char *const clocks[] = {"real", "virtual", NULL};
static const char *const arrivals[] = {"constant", "poisson", "bursty", "capture", NULL};

static uint32_t word_of(const char *option, const char *text, const char *const *words, uint32_t count, const char *must)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(text, words[i]) == 0) {
            return i;
        }
    }
    refuse(option, text, must);
    return 0;
}

/* In the order of `options`. */
enum option_number { DRIVER = 1, CLOCK, ARRIVALS, CAPTURE, LINE_RATE, LOAD, BYTES, BURST, FRAMES, SEED, FIFO, HZ, INTERRUPT,
                     LOOK, FRAME, LOCK, MALLOC, CROSSING, DEPTH, HELP };

static const struct option options[] = {
    {"driver", 1, NULL, DRIVER}, {"clock", 1, NULL, CLOCK}, {"arrivals", 1, NULL, ARRIVALS},
    {"capture", 1, NULL, CAPTURE}, {"line-rate", 1, NULL, LINE_RATE}, {"load", 1, NULL, LOAD},
    {"bytes", 1, NULL, BYTES}, {"burst", 1, NULL, BURST}, {"frames", 1, NULL, FRAMES}, {"seed", 1, NULL, SEED},
    {"fifo", 1, NULL, FIFO}, {"hz", 1, NULL, HZ}, {"interrupt", 1, NULL, INTERRUPT}, {"look", 1, NULL, LOOK},
    {"frame", 1, NULL, FRAME}, {"lock", 1, NULL, LOCK}, {"malloc", 1, NULL, MALLOC},
    {"crossing", 1, NULL, CROSSING}, {"depth", 0, NULL, DEPTH}, {"help", 0, NULL, HELP}, {NULL, 0, NULL, 0}};

#define CYCLES_MAX UINT32_MAX

static void take_cost(struct run *run, int which, const char *name, const char *text)
{
    uint64_t *costs[] = {&run->costs.interrupt, &run->costs.look, &run->costs.frame, &run->costs.lock, &run->costs.malloc,
                         &run->costs.crossing};
    *costs[which - INTERRUPT] = number_of(name, text, 0, CYCLES_MAX);
}

static void take_option(struct run *run, int which, const char *name, const char *text)
{
    struct ferry_nic_config *nic = &run->nic;
    switch (which) {
    case DRIVER: run->driver = drivers[word_of(name, text, drivers, 5, "interrupt, napi, moderated, failing or optimised")]; break;
    case CLOCK: nic->virtual_time = word_of(name, text, clocks, 2, "real or virtual"); break;
    case ARRIVALS: nic->arrivals = word_of(name, text, arrivals, 3, "constant, poisson or bursty"); break;
    case CAPTURE: nic->arrivals = FERRY_NIC_CAPTURE; nic->capture = text; break;
    case LINE_RATE: nic->line_rate = line_rate_of(text); break;
    case LOAD: nic->load = load_of(text); break;
    case BYTES: nic->frame_bytes = (uint32_t)number_of(name, text, FERRY_NIC_FRAME_MIN, FERRY_NIC_FRAME_MAX); break;
    case BURST: nic->burst = (uint32_t)number_of(name, text, 1, FERRY_NIC_BURST_MAX); break;
    case FRAMES: nic->frames = number_of(name, text, 1, UINT64_C(1000000000000)); break;
    case SEED: nic->seed = number_of(name, text, 0, INT64_MAX); break;
    case FIFO: nic->rx_fifo = (uint32_t)number_of(name, text, 1, FERRY_NIC_FIFO_MAX); break;
    case HZ: run->costs.hz = number_of(name, text, 1000000, UINT64_C(100000000000)); break;
    case DEPTH: run->depths_wanted = true; break;
    case HELP: usage(stdout); exit(0);
    case '?': usage(stderr); exit(2);
    default: take_cost(run, which, name, text);
    }
}

/* ---- what is printed ----------------------------------------------------------- */

static void print_costs(const struct costs *c)
{
    printf("\"costs\": {\"hz\": %" PRIu64 ", \"interrupt\": %" PRIu64 ", \"look\": %" PRIu64 ", \"frame\": %" PRIu64
           ", \"lock\": %" PRIu64 ", \"malloc\": %" PRIu64 ", \"crossing\": %" PRIu64 "}",
           c->hz, c->interrupt, c->look, c->frame, c->lock, c->malloc, c->crossing);
}

static void print(const struct run *run)
{
    const struct ferry_nic_statistics *card = &run->card;
    const uint64_t *counters = run->bridge.counters; /* all 0 without a bridge */
    double seconds = (double)card->now / 1e9;
    printf("{\"driver\": \"%s\", \"language\": \"C\", \"clock\": \"%s\", \"arrivals\": \"%s\", \"lineRate\": %" PRIu64
           ", \"load\": %.6f, \"bytes\": %" PRIu32 ", \"fifo\": %" PRIu32 ", \"seed\": %" PRIu64 ",\n ",
           run->driver, clocks[run->nic.virtual_time], arrivals[run->nic.arrivals],
           (uint64_t)run->nic.line_rate * 1000000, run->nic.load / (double)FERRY_NIC_LOAD_MAX, run->nic.frame_bytes,
           run->nic.rx_fifo, run->nic.seed);
    printf("\"offered\": %.1f, \"arrived\": %" PRIu64 ", \"delivered\": %" PRIu64 ", \"dropped\": %" PRIu64
           ", \"stalled\": %" PRIu64 ", \"listDropped\": %" PRIu64 ", \"oversize\": %" PRIu64 ", \"queued\": %" PRIu64
           ",\n \"stalls\": %" PRIu64 ", \"longestStallNs\": %" PRIu64 ", \"seconds\": %.9f, \"cpu\": %.6f,\n ",
           (double)card->arrived / seconds, card->arrived, run->delivered, card->dropped, card->stalled,
           run->list_dropped, counters[FERRY_RX_OVERSIZE], card->queued, card->stalls, card->longest_stall, seconds,
           1 - (double)card->idle / (double)card->now);
    printf("\"interrupts\": %" PRIu64 ", \"polls\": %" PRIu64 ", \"fullPolls\": %" PRIu64 ", \"emptyPolls\": %" PRIu64
           ", \"armedSeconds\": %.9f, \"pollingSeconds\": %.9f,\n ",
           card->interrupts, counters[FERRY_ROUNDS], counters[FERRY_ROUNDS_FULL], counters[FERRY_ROUNDS_EMPTY],
           (double)counters[FERRY_ARMED_NS] / 1e9, (double)run->bridge.polling_ns / 1e9);
    print_costs(&run->costs);
    for (uint32_t i = 0; i < run->depths; i++) {
        printf("%s[%.3f, %" PRIu64 "]", i == 0 ? ",\n \"depth\": [" : ", ", (double)run->depth[i].ns / 1000, run->depth[i].frames);
    }
    printf("%s}\n", run->depths != 0 ? "]" : "");
}

int main(int count, char **arguments)
{
    static struct run run = {
        .nic = {.line_rate = 1000, .load = FERRY_NIC_LOAD_MAX, .frame_bytes = 64, .burst = 32, .rx_fifo = 512, .frames = 1000000,
                .seed = 1},
        .costs = {.hz = 1200000000, .interrupt = 1000, .look = 5, .frame = 160, .lock = 65, .malloc = 100}};
    int index = 0;
    for (int which; (which = getopt_long(count, arguments, "", options, &index)) != -1;) {
        take_option(&run, which, which == '?' ? "" : options[index].name, optarg);
    }
    if (optind != count || run.driver == NULL) {
        usage(stderr);
        return 2;
    }
    if (run.nic.arrivals == FERRY_NIC_CAPTURE) {
        run.nic.load = 0;
    }
    bool failing = strcmp(run.driver, "failing") == 0;
    if (strcmp(run.driver, "interrupt") == 0) {
        run_interrupt(&run);
    } else if (failing && run.nic.virtual_time) {
        run_failing_virtual(&run);
    } else if (failing) {
        run_failing(&run);
    } else if (strcmp(run.driver, "napi") == 0) {
        run_napi(&run, BUDGET);
    } else if (strcmp(run.driver, "moderated") == 0) {
        run.moderation_ns = MODERATION_NS;
        run_napi(&run, BUDGET);
    } else if (run.nic.virtual_time) {
        run_napi(&run, BATCH);
    } else {
        run_optimised(&run);
    }
    check(run.card.arrived == run.delivered + lost(&run) && run.card.queued == 0, "packets are not accounted for");
    print(&run);
    return 0;
}
