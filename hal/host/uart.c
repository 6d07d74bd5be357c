/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The console on Linux: standard input and output, with two threads that stand for the UART's interrupts.
 *
 * The receiver stops while the ring is full, so the pipe or the terminal holds the rest back.
 *
 * Flow: uart.c -> kick -> sender -> write(2);  read(2) -> receiver -> em_uart_received_
 */
#include "uart_core.h"

#include <em/board.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#define PIECE 256

static uint8_t rx_ring[1024];
static uint8_t tx_ring[4096];
static sem_t rx_work;       /* posted: there is room again */
static bool receiver_waits; /* for that; with the UART's lock */
static sem_t tx_work; /* posted: there may be bytes to send */

/* -- the terminal ------------------------------------------------------------------------------- */

static struct termios terminal;

static void restore_terminal(void)
{
    tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal);
}

static void on_signal(int number)
{
    restore_terminal();
    signal(number, SIG_DFL);
    raise(number);
}

/* Byte by byte, no echo; Ctrl-C still ends the program. */
static void make_terminal_raw(void)
{
    if (tcgetattr(STDIN_FILENO, &terminal) != 0) {
        return; /* no terminal */
    }
    struct termios raw = terminal;
    raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    atexit(restore_terminal);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    signal(SIGHUP, on_signal);
}

/* -- the threads -------------------------------------------------------------------------------- */

static void *receiver(void *arg)
{
    em_uart *u = (em_uart *)arg;
    uint8_t piece[PIECE];

    em_host_masked_ = 1;
    for (;;) {
        em_irq irq = em_lock_acquire(&u->lock);
        size_t room = u->rx_size - (u->rx_head - u->rx_tail);
        u->rx_stalled = room == 0;
        u->counters.rx_stalls += u->rx_stalled;
        receiver_waits = u->rx_stalled;
        em_lock_release(&u->lock, irq);
        if (room == 0) {
            sem_wait(&rx_work);
            continue;
        }
        ssize_t n = read(STDIN_FILENO, piece, room < PIECE ? room : PIECE);
        if (n <= 0) {
            return NULL; /* nobody will type any more */
        }
        irq = em_lock_acquire(&u->lock);
        uint32_t head = u->rx_head;
        for (ssize_t i = 0; i < n; i++) {
            em_uart_rx_put_(u, piece[i]);
        }
        em_uart_received_(u, head);
        em_lock_release(&u->lock, irq);
    }
}

static void write_all(const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, n);
        if (written <= 0) {
            _exit(EXIT_FAILURE); /* nobody listens any more */
        }
        bytes += written;
        n -= (size_t)written;
    }
}

static void *sender(void *arg)
{
    em_uart *u = (em_uart *)arg;
    uint8_t piece[PIECE];

    em_host_masked_ = 1;
    for (;;) {
        size_t n = 0;
        em_irq irq = em_lock_acquire(&u->lock);
        uint32_t tail = u->tx_tail;
        while (n < PIECE && em_uart_tx_pending_(u)) {
            piece[n++] = em_uart_tx_take_(u);
        }
        if (n > 0) {
            em_uart_transmitted_(u, tail);
        } else if (u->tx_busy) {
            em_uart_tx_done_(u);
        }
        em_uart_end_irq_(u, irq);
        if (n == 0) {
            sem_wait(&tx_work);
        } else {
            write_all(piece, n);
        }
    }
    return arg;
}

static void start_thread(void *(*body)(void *), void *arg)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, body, arg) != 0) {
        abort();
    }
    pthread_detach(thread);
}

/* -- the operations ----------------------------------------------------------------------------- */

static void kick(em_uart *u)
{
    if (em_uart_tx_pending_(u)) {
        sem_post(&tx_work);
    }
    if (receiver_waits && !u->rx_stalled) {
        receiver_waits = false;
        sem_post(&rx_work);
    }
}

static bool line_idle(em_uart *u)
{
    (void)u;
    return true; /* done is when write(2) has returned */
}

static void drain(em_uart *u)
{
    for (;;) {
        em_irq irq = em_lock_acquire(&u->lock);
        bool busy = u->tx_busy;
        em_lock_release(&u->lock, irq);
        if (!busy) {
            return;
        }
        usleep(100);
    }
}

static const em_uart_ops host_uart_ops = {.kick = kick, .line_idle = line_idle, .drain = drain};

static em_uart console = {.ops = &host_uart_ops, .rx_ring = rx_ring, .tx_ring = tx_ring,
                          .rx_size = sizeof rx_ring, .tx_size = sizeof tx_ring, .byte_ticks = 1};
static pthread_once_t started = PTHREAD_ONCE_INIT;

static void start(void)
{
    sem_init(&rx_work, 0, 0);
    sem_init(&tx_work, 0, 0);
    make_terminal_raw();
    atexit(em_uart_drain_console_); /* a main() that returns has printed all, as on the other boards */
    console.started = true;
    em_uart_at_exit_ = &console;
    start_thread(receiver, &console);
    start_thread(sender, &console);
}

em_uart *em_board_console(void)
{
    pthread_once(&started, start);
    return &console;
}
