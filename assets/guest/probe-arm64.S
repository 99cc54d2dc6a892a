// The same for arm64, on QEMU's board `virt`: 20 million turns of a loop, then PSCI's SYSTEM_OFF, which makes QEMU exit with status 0.
// It ends otherwise, or not at all, where an accelerator cannot run a guest.

.set turns, 20000000
.set system_off, 0x84000008

.text
    ldr x1, =turns
turn:
    subs x1, x1, #1
    b.ne turn
    ldr x0, =system_off
    hvc #0
    b .
    .ltorg
