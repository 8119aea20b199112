/* The C face of the engine room: what Go calls (hob_*) and what C++ calls back in Go (hobGo*).
 *
 * Threads: every hob_* function that takes a hob_isolate runs on that isolate's own thread, except where marked
 * "any thread". Nothing here throws, and nothing keeps a Go pointer after it returns, except hob_isolate.go and
 * the return buffer, which Go has pinned. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hob_isolate hob_isolate;

/* One value as it crosses without being encoded: an argument of a Go function, or a result. */
typedef struct {
  uint32_t kind;  /* hob_kind */
  uint32_t flags; /* strings and bytes: 0; errors: unused */
  uint64_t len;   /* bytes behind ptr */
  union {
    double num;
    int64_t i64;
    void* ptr; /* string or byte memory; for HOB_OBJECT/HOB_FUNCTION/HOB_SYMBOL a handle slot (valid in the call) */
  };
} hob_value;

enum hob_kind {
  HOB_UNDEFINED = 0,
  HOB_NULL,
  HOB_FALSE,
  HOB_TRUE,
  HOB_INT,      /* i64, exact */
  HOB_DOUBLE,   /* num */
  HOB_STRING,   /* UTF-8 at ptr */
  HOB_BIGINT,   /* i64 (truncated) */
  HOB_BYTES,    /* ArrayBuffer, SharedArrayBuffer or view: memory at ptr */
  HOB_OBJECT,
  HOB_FUNCTION,
  HOB_SYMBOL,
  HOB_ENCODED,  /* ptr/len: a value in the encoding of value.go */
  HOB_THROW,    /* ptr/len: as HOB_ENCODED, to be thrown */
  HOB_SLOT,     /* ptr: a handle slot, returned as it is */
  HOB_REF       /* i64: a persistent reference, returned as it is */
};

typedef struct {
  uint64_t max_old_bytes;   /* 0: the process default */
  uint64_t max_buffer_bytes; /* of ArrayBuffers; 0: no limit */
  const uint8_t* snapshot;  /* NULL: V8's own start-up data. Memory that outlives the isolate. */
  size_t snapshot_len;
  int wake_fd;              /* eventfd written to when a V8 task for this isolate is posted */
  int creator;              /* 1: this isolate makes a snapshot */
} hob_isolate_options;

typedef struct {
  uint32_t value;   /* persistent reference of the thrown value, 0 when terminated */
  int terminated;   /* 1: execution was terminated */
  int heap_limit;   /* 1: ... because the heap limit was reached */
  int line, column, end_column; /* 1-based line, 0-based columns */
  hob_value message, file, source_line, stack; /* HOB_STRING, malloc'ed: hob_exception_free */
} hob_exception;

typedef struct {
  uint64_t total_heap_size, total_heap_size_executable, total_physical_size, total_available_size, used_heap_size,
      heap_size_limit, malloced_memory, peak_malloced_memory, does_zap_garbage, number_of_native_contexts,
      number_of_detached_contexts, total_global_handles_size, used_global_handles_size, external_memory;
} hob_heap_stats;

/* Process: once, before the first isolate. flags: V8's, separated by blanks. */
void hob_init(const char* flags, int worker_threads);
/* Gives the program's own code and constants, which start-up has touched, back to the page cache: see platform.cc. */
void hob_give_back_pages(void);
/* Sets the flags among argv[1 …) and removes them; returns how many are left, argv[0] included. */
int hob_take_flags(char** argv, int argc);
const char* hob_v8_version(void);
/* Source texts that are ASCII and never go away, in an order that a snapshot's maker and its users share: strings made of
 * them are not copied, neither into the heap nor into the snapshot. Once, before the first isolate. */
void hob_static_sources(const char* const* src, const size_t* len, int n);

hob_isolate* hob_isolate_new(uintptr_t go, const hob_isolate_options* options);
void hob_isolate_dispose(hob_isolate*);
void hob_terminate(hob_isolate*);        /* any thread */
void hob_cancel_terminate(hob_isolate*); /* any thread */
void hob_request_interrupt(hob_isolate*, uint64_t id); /* any thread; hobGoInterrupt(go, id) runs between instructions */
void hob_heap_statistics(hob_isolate*, hob_heap_stats*);
void hob_time_zone_changed(hob_isolate*, const char* tz);
size_t hob_current_stack(hob_isolate*, char* out, size_t cap, int frames); /* "fn file:line:col\n" per frame */

/* V8's own tasks (WebAssembly, Atomics.waitAsync, finalization). */
int hob_run_tasks(hob_isolate*);  /* runs what is due; returns how many ran */
int hob_tasks_pending(hob_isolate*);  /* 1: tasks are queued, or worker tasks of the process are under way */
double hob_next_task_delay(hob_isolate*); /* seconds to the next delayed task; < 0: none */

/* Persistent references: small integers, 0 is none. with_context also keeps the async context current now. */
uint32_t hob_ref_slot(hob_isolate*, void* slot, int with_context);
void hob_ref_free(hob_isolate*, uint32_t);
uint32_t hob_ref_count(hob_isolate*);

/* Calls fn with the arguments encoded at args. Returns 0, or 1 after an exception (hob_exception_take).
 * want: 0 the result is dropped; 1 it is written to *result (objects as HOB_REF to free; strings malloc'ed). */
int hob_call(hob_isolate*, uint32_t fn, const uint8_t* args, size_t len, int argc, int want, hob_value* result);
int hob_eval(hob_isolate*, const char* src, size_t len, const char* name, hob_value* result);
int hob_get(hob_isolate*, uint32_t object, const char* key, size_t len, hob_value* result); /* 0: globalThis */
int hob_set(hob_isolate*, uint32_t object, const char* key, size_t keylen, const uint8_t* enc, size_t len);
void hob_exception_take(hob_isolate*, hob_exception*);
void hob_exception_free(hob_exception*);

/* Functions. All Go functions share one C++ trampoline; id goes back to hobGoCall. */
uint32_t hob_natives(hob_isolate*, const char* const* names, int n, int first_id); /* object of functions: a ref */
uint32_t hob_engine(hob_isolate*); /* the object of C++ natives: a ref */
const char* hob_natives_list(void); /* their names, in order */
uint32_t hob_function(hob_isolate*, const char* name, int id);

/* Compiles `src` as the body of a function with the given parameters (comma separated). A source registered by
 * hob_static_sources is not copied. cache may be NULL; *rejected is set when V8 refused it. Returns a slot, or NULL after an
 * exception; to be called inside a native. */
void* hob_compile_function(hob_isolate*, const char* src, size_t len, const char* name, const char* params,
                           const uint8_t* cache, size_t cache_len, int* rejected);

/* Start-up snapshot: the creator isolate's context is written out; boot is stored as data 0 and found again by
 * hob_snapshot_boot (a ref, 0 when the isolate was not made from a snapshot). */
uint8_t* hob_snapshot_create(hob_isolate*, uint32_t boot, size_t* len);
uint32_t hob_snapshot_boot(hob_isolate*);

/* Byte memory inside V8's sandbox: any thread. Owned by the caller until handed to V8 or freed. */
uint8_t* hob_bytes_alloc(size_t n, int zero);
void hob_bytes_free(uint8_t*, size_t n);
/* A backing store held for work on another goroutine: any thread may read and write its memory. */
void* hob_backing_hold(hob_isolate*, void* slot, uint8_t** data, size_t* len);
void hob_backing_release(void*); /* any thread */
/* A new ArrayBuffer of n bytes whose memory Go keeps a hold on as well. */
uint32_t hob_shared_buffer(hob_isolate*, size_t n, uint8_t** data, void** hold);

/* node:http (native_outbox.cc): the bytes gathered by engine.respond, and the head strings of a batch (a ref to an array).
 * The struct stays where it is as long as the isolate lives: Go reads it, and sets size to 0, without a call. */
typedef struct hob_outbox {
  uint8_t* data;
  size_t size, cap;
} hob_outbox;
hob_outbox* hob_outbox_of(hob_isolate*);
void hob_outbox_drop(hob_isolate*);
uint32_t hob_http_heads(hob_isolate*, const int32_t* records, int n, const uint8_t* slab);

void hob_free(void*);

/* For the committed benchmarks. */
void hob_noop(void);
#ifdef __cplusplus
}
#endif
