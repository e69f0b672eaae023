;; The sums of checksum.ts over one memory, with 128-bit words. checksum-code.ts holds what this compiles to.
;;
;; A word of 128 bits is taken as four of 32, each of them as two of 16: the low halves and the high halves are summed
;; apart, in lanes of 32 bits, which hold 2^16 halves without a carry (SUM_LIMIT is far below). Words are in the machine's
;; order, and the bytes of the folded sum are exchanged at the end (RFC 1071 §2 (B)).
(module
  (import "base" "memory" (memory 0))

  ;; Halves of 32 bits.
  (func $low (param $word v128) (result v128)
    (v128.and (local.get $word) (v128.const i32x4 0xffff 0xffff 0xffff 0xffff)))
  (func $high (param $word v128) (result v128)
    (i32x4.shr_u (local.get $word) (i32.const 16)))
  (func $halve (param $total i32) (result i32)
    (i32.add (i32.and (local.get $total) (i32.const 0xffff)) (i32.shr_u (local.get $total) (i32.const 16))))

  ;; What is left behind the last whole block: words of 32 bits, then one of 16, then a byte.
  (func $rest (param $at i32) (param $end i32) (result i32)
    (local $total i32)
    (block $done
      (loop $next
        (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 4)) (local.get $end)))
        (local.set $total (i32.add (local.get $total) (call $halve (i32.load align=1 (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $next)))
    (if (i32.and (i32.sub (local.get $end) (local.get $at)) (i32.const 2))
      (then
        (local.set $total (i32.add (local.get $total) (i32.load16_u align=1 (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))))
    (if (i32.lt_u (local.get $at) (local.get $end))
      (then (local.set $total (i32.add (local.get $total) (i32.load8_u (local.get $at))))))
    (local.get $total))

  ;; Lanes and rest in one, folded to 16 bits and with its bytes exchanged.
  (func $finish (param $lanes v128) (param $total i32) (result i32)
    (local.set $lanes (i32x4.add (call $low (local.get $lanes)) (call $high (local.get $lanes))))
    (local.set $total (i32.add (local.get $total) (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $lanes)) (i32x4.extract_lane 1 (local.get $lanes)))
      (i32.add (i32x4.extract_lane 2 (local.get $lanes)) (i32x4.extract_lane 3 (local.get $lanes))))))
    (local.set $total (call $halve (call $halve (local.get $total))))
    (i32.or (i32.shl (i32.and (local.get $total) (i32.const 0xff)) (i32.const 8))
            (i32.shr_u (local.get $total) (i32.const 8))))

  ;; The sum of the bytes $at–$end, 0–0xffff. Blocks of 64 bytes, then of 16.
  (func (export "sum") (param $at i32) (param $end i32) (result i32)
    (local $lows v128) (local $highs v128) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (block $done
      (loop $next
        (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 64)) (local.get $end)))
        (local.set $a (v128.load align=1 (local.get $at)))
        (local.set $b (v128.load offset=16 align=1 (local.get $at)))
        (local.set $c (v128.load offset=32 align=1 (local.get $at)))
        (local.set $d (v128.load offset=48 align=1 (local.get $at)))
        (local.set $lows (i32x4.add (local.get $lows) (i32x4.add
          (i32x4.add (call $low (local.get $a)) (call $low (local.get $b)))
          (i32x4.add (call $low (local.get $c)) (call $low (local.get $d))))))
        (local.set $highs (i32x4.add (local.get $highs) (i32x4.add
          (i32x4.add (call $high (local.get $a)) (call $high (local.get $b)))
          (i32x4.add (call $high (local.get $c)) (call $high (local.get $d))))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $next)))
    (block $done
      (loop $next
        (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 16)) (local.get $end)))
        (local.set $a (v128.load align=1 (local.get $at)))
        (local.set $lows (i32x4.add (local.get $lows) (call $low (local.get $a))))
        (local.set $highs (i32x4.add (local.get $highs) (call $high (local.get $a))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (call $finish (i32x4.add (local.get $lows) (local.get $highs)) (call $rest (local.get $at) (local.get $end))))

  ;; The same, and the bytes are copied to $to on the way. The ranges lie apart.
  (func (export "copyAndSum") (param $to i32) (param $at i32) (param $end i32) (result i32)
    (local $lows v128) (local $highs v128) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (block $done
      (loop $next
        (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 64)) (local.get $end)))
        (local.set $a (v128.load align=1 (local.get $at)))
        (local.set $b (v128.load offset=16 align=1 (local.get $at)))
        (local.set $c (v128.load offset=32 align=1 (local.get $at)))
        (local.set $d (v128.load offset=48 align=1 (local.get $at)))
        (v128.store align=1 (local.get $to) (local.get $a))
        (v128.store offset=16 align=1 (local.get $to) (local.get $b))
        (v128.store offset=32 align=1 (local.get $to) (local.get $c))
        (v128.store offset=48 align=1 (local.get $to) (local.get $d))
        (local.set $lows (i32x4.add (local.get $lows) (i32x4.add
          (i32x4.add (call $low (local.get $a)) (call $low (local.get $b)))
          (i32x4.add (call $low (local.get $c)) (call $low (local.get $d))))))
        (local.set $highs (i32x4.add (local.get $highs) (i32x4.add
          (i32x4.add (call $high (local.get $a)) (call $high (local.get $b)))
          (i32x4.add (call $high (local.get $c)) (call $high (local.get $d))))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (local.set $to (i32.add (local.get $to) (i32.const 64)))
        (br $next)))
    (memory.copy (local.get $to) (local.get $at) (i32.sub (local.get $end) (local.get $at)))
    (call $finish (i32x4.add (local.get $lows) (local.get $highs)) (call $rest (local.get $at) (local.get $end)))))
