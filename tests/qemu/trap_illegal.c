/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* An illegal instruction before main's executor runs: cause, place, every register.
 *
 * status: 134
 * expect: \*\*\* panic: illegal instruction
 * expect:   epc 0x8[0-9a-f]+ tval 0x[0-9a-f]+ cause 0x2 status 0x[0-9a-f]+
 * expect:   hart 0 \(physical 0\)
 * expect:   no task is running
 * expect:    pc 000000008[0-9a-f]+   ra 0*123456789abcdef   sp 000000008[0-9a-f]+   gp [0-9a-f]+
 * expect:    tp [0-9a-f]+   t0 0{15}5   t1 0{15}6   t2 0{15}7
 * expect:    s0 0{15}8   s1 0{15}9   a0 0{15}a   a1 0{15}b
 * expect:    a2 0{15}c   a3 0{15}d   a4 0{15}e   a5 0{15}f
 * expect:    a6 0{14}10   a7 0{14}11   s2 0{14}12   s3 0{14}13
 * expect:    s4 0{14}14   s5 0{14}15   s6 0{14}16   s7 0{14}17
 * expect:    s8 0{14}18   s9 0{14}19  s10 0{14}1a  s11 0{14}1b
 * expect:    t3 0{14}1c   t4 0{14}1d   t5 0{14}1e   t6 0{14}1f
 */
int main(void)
{
    __asm__ volatile("li ra, 0x123456789abcdef\n"
                     ".irp n, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, "
                     "27, 28, 29, 30, 31\n"
                     "li x\\n, \\n\n"
                     ".endr\n"
                     "unimp");
    return 0;
}
