/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A program's own em_trap_unexpected goes on behind the instruction, and every register is as it was.
 *
 * status: 3
 * expect: skipped, sum 494
 */
#include <em/board.h>
#include <em/trap.h>

static unsigned long sum_of_registers(void)
{
    unsigned long sum;
    __asm__ volatile("addi sp, sp, -32\n"
                     "sd gp, 0(sp)\n"
                     "sd tp, 8(sp)\n"
                     "sd s0, 16(sp)\n"
                     ".irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, "
                     "26, 27, 28, 29, 30, 31\n"
                     "li x\\n, \\n\n"
                     ".endr\n"
                     ".option push\n"
                     ".option norvc\n"
                     "unimp\n"
                     ".option pop\n"
                     ".irp n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, "
                     "26, 27, 28, 29, 30\n"
                     "add x31, x31, x\\n\n"
                     ".endr\n"
                     "add x31, x31, x1\n"
                     "ld gp, 0(sp)\n"
                     "ld tp, 8(sp)\n"
                     "ld s0, 16(sp)\n"
                     "addi sp, sp, 32\n"
                     "mv %0, x31\n"
                     : "=r"(sum)
                     :
                     : "ra", "t0", "t1", "t2", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2", "s3", "s4",
                       "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6", "memory");
    return sum;
}

void em_trap_unexpected(em_trap_frame *frame)
{
    frame->x[0] += 4;
}

int main(void)
{
    em_print("skipped, sum %lu\n", sum_of_registers()); /* 1 + 3 + 4 + … + 31 */
    return 3;
}
