# A 64 KiB ROM that finds out whether an accelerator can run a guest at all: reset vector, protected mode, long mode
# with paging, CPUID, 20 million turns of a loop, then `out 0xf4, 0x2a`, which makes QEMU exit with status 85.
# The long loop is the point: a broken /dev/kvm may emulate single instructions and pass any short program.
# Letters on port 0xe9 say how far it got: R reset, P protected, L long mode, C cpuid, D done.

.set base, 0xffff0000           # where the ROM sits in physical memory
.set tables, 0x1000             # page tables: four pages of RAM
.set turns, 20000000

.macro stage letter
    mov $\letter, %al
    out %al, $0xe9
.endm

.text
.code16
start16:
    cli
    stage 'R'
    lgdtl %cs:(gdt_pointer - rom)
    mov %cr0, %eax
    or $1, %eax
    mov %eax, %cr0
    ljmpl $0x08, $(base + start32 - rom)

.code32
start32:
    stage 'P'
    mov $0x10, %ax
    mov %ax, %ds
    mov %ax, %es
    mov %ax, %ss
    mov $0x8000, %esp
    # PML4 -> PDPT -> one directory for the first GiB and one for the fourth, where this ROM is: 2 MiB pages
    mov $tables, %edi
    xor %eax, %eax
    mov $(4 * 4096 / 4), %ecx
    cld
    rep stosl
    movl $(tables + 0x1000 + 3), tables
    movl $(tables + 0x2000 + 3), tables + 0x1000
    movl $(tables + 0x3000 + 3), tables + 0x1000 + 3 * 8
    mov $(tables + 0x2000), %edi
    mov $0x83, %eax
    call fill
    mov $(tables + 0x3000), %edi
    mov $(0xc0000000 + 0x83), %eax
    call fill
    mov %cr4, %eax
    or $0x20, %eax              # PAE
    mov %eax, %cr4
    mov $tables, %eax
    mov %eax, %cr3
    mov $0xc0000080, %ecx       # EFER
    rdmsr
    or $0x100, %eax             # long mode enable
    wrmsr
    mov %cr0, %eax
    or $0x80000000, %eax        # paging
    mov %eax, %cr0
    ljmp $0x18, $(base + start64 - rom)

fill:                           # 512 entries from %edi, the first is %eax
    mov $512, %ecx
1:  mov %eax, (%edi)
    add $0x200000, %eax
    add $8, %edi
    loop 1b
    ret

.code64
start64:
    stage 'L'
    xor %eax, %eax
    cpuid
    mov $1, %eax
    xor %ecx, %ecx
    cpuid
    stage 'C'
    mov $turns, %ecx
1:  dec %ecx
    jnz 1b
    stage 'D'
    mov $0x2a, %al
    out %al, $0xf4
2:  hlt
    jmp 2b

.balign 8
gdt:                            # accessed bits are set: a processor cannot write them into a ROM
    .quad 0
    .quad 0x00cf9b000000ffff    # 0x08 code, 32 bit
    .quad 0x00cf93000000ffff    # 0x10 data
    .quad 0x00af9b000000ffff    # 0x18 code, 64 bit
gdt_end:
gdt_pointer:
    .word gdt_end - gdt - 1
    .long base + gdt - rom

.set rom, start16
.org 0xfff0
.code16
    jmp start16                 # the processor begins here
.org 0xffff
    .byte 0
