/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Awaits in every statement of C. Included twice by test_torture.c: as a task's body, where WAIT and GET
 * await, and as a plain function, where they do not; V(x) is a variable that survives. NOTE is the trace.
 */
for (V(i) = 0; V(i) < 4; V(i)++) {
    NOTE(V(i));
    if (V(i) % 2)
        WAIT();
    else
        GET(V(x), 10 + V(i));
    NOTE(V(x));
    if (V(i) == 2)
        continue;
    WAIT(); NOTE(1); WAIT(); /* two on a line */
}
while (V(n) < 3) {
    GET(V(x), V(n) * 7);
    V(n) += 1;
    if (V(x) == 7) {
        WAIT();
        continue;
    }
    NOTE(V(x));
}
do {
    WAIT();
    V(n)--;
    NOTE(V(n));
} while (V(n) > 0);
for (V(i) = 0; V(i) < 7; V(i)++) {
    switch ((enum colour)(V(i) % 4)) {
    case RED:
        WAIT();
        NOTE(100);
        break;
    case GREEN:
        GET(V(x), 5);
        switch ((uint8_t)V(x)) { /* a switch in a switch, over a byte */
        case 5:
            WAIT();
            NOTE(105);
            break;
        default:
            NOTE(999);
        }
        WAIT();
        /* fall through */
        __attribute__((fallthrough));
    case BLUE:
        NOTE(102);
        WAIT();
        break;
    default:
        if (V(i) == 3)
            break;
        WAIT();
    }
    switch (V(i) == 5 ? 1 : 0) { /* over a condition */
    case 1:
        WAIT();
        NOTE(V(i));
        break;
    default:
        break;
    }
}
V(n) = 0;
again:
WAIT();
V(n)++;
NOTE(V(n));
if (V(n) < 3)
    goto again;
for (V(i) = 0; V(i) < 3; V(i)++) {
    for (V(j) = 0;; V(j)++) {
        int local; /* lives from one await to the next */
        GET(local, V(i) * 10 + V(j));
        NOTE(local);
        if (V(j) == V(i))
            break;
        WAIT();
    }
    if (V(i) == 1) {
        WAIT();
        goto inside;
    }
    if (0) {
    inside:
        NOTE(77);
        WAIT();
    }
}
NOTE(V(x) > 0 ? V(x) : -1);
