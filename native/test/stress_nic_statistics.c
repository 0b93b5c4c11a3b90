/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stress_nic_statistics.c: one thread drives a simulated card to the end of
 * its arrivals, another reads the figures meanwhile. Guards that a reader who
 * sees that nothing is to come has all arrivals in the same figures: drivers
 * end by that.
 */
#include "frameferry/nic.h"
#include "support_pool.h"

#define CARDS ((uint32_t)often(20000))
#define ARRIVALS 3

static ferry_device *card;
static struct {
    _Alignas(FERRY_PAIR) _Atomic uint32_t opened; /* cards so far; the driver's to use until it is as far */
    _Alignas(FERRY_PAIR) _Atomic uint32_t emptied;
} words;

static void *drive(void *context)
{
    (void)context;
    pin_thread(0);
    for (uint32_t number = 1; number <= CARDS; number++) {
        while (load_acquire(&words.opened) != number) {
            pause_spin();
        }
        struct ferry_slot slot = {.capacity = 0};
        for (uint32_t taken = 0; taken < ARRIVALS;) {
            require(ferry_nic_spend(card, 100) == FERRY_OK); /* an eighth of the gap between two arrivals */
            taken += (uint32_t)card->ops->fill(card->self, &slot, 1);
        }
        store_release(&words.emptied, number);
    }
    return NULL;
}

int main(void)
{
    const struct ferry_nic_config config = {.virtual_time = 1, .frames = ARRIVALS, .rx_fifo = ARRIVALS};
    pthread_t driver = start_thread(drive, NULL);
    pin_thread(1);
    for (uint32_t number = 1; number <= CARDS; number++) {
        struct ferry_nic_statistics s = {.coming = ARRIVALS};
        require(ferry_nic_open(&config, &card) == FERRY_OK);
        store_release(&words.opened, number);
        while (s.coming != 0) {
            require(ferry_nic_statistics(card, &s) == FERRY_OK);
        }
        require(s.arrived == ARRIVALS);
        while (load_acquire(&words.emptied) != number) {
            pause_spin();
        }
        card->ops->close(card->self);
    }
    join_thread(driver);
    return 0;
}
