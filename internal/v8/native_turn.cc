// Natives about turns: microtasks, async context (continuation data), promise hooks and rejections, and the hooks that
// the JavaScript side registers once.
#include "natives.h"

#include <chrono>

using namespace v8;
using Info = FunctionCallbackInfo<Value>;

namespace {

void RunMicrotasks(const Info& info) { info.GetIsolate()->PerformMicrotaskCheckpoint(); }

void EnqueueMicrotask(const Info& info) {
  if (info[0]->IsFunction()) info.GetIsolate()->EnqueueMicrotask(info[0].As<Function>());
}

void GetContinuationData(const Info& info) {
  info.GetReturnValue().Set(info.GetIsolate()->GetContinuationPreservedEmbedderData());
}
void SetContinuationData(const Info& info) { info.GetIsolate()->SetContinuationPreservedEmbedderData(info[0]); }

// The engine is built without its JavaScript promise hooks (Context::SetPromiseHooks ends the process), so this C++ hook
// calls the functions.
void OnPromiseHook(PromiseHookType type, Local<Promise> promise, Local<Value> parent) {
  Isolate* iso = Isolate::GetCurrent();
  Global<Function>& hook = StateOf(iso)->promise_hooks[static_cast<int>(type)];
  if (hook.IsEmpty()) return;
  HandleScope scope(iso);
  Local<Context> cx = iso->GetCurrentContext();
  if (cx.IsEmpty()) return;
  Local<Value> args[] = {promise, parent};
  TryCatch tc(iso);
  (void)hook.Get(iso)->Call(cx, Undefined(iso), 2, args);
}

// (init, before, after, resolve); without functions none is called any more.
void SetPromiseHooks(const Info& info) {
  static const PromiseHookType kinds[] = {PromiseHookType::kInit, PromiseHookType::kBefore, PromiseHookType::kAfter,
                                          PromiseHookType::kResolve};
  Isolate* iso = info.GetIsolate();
  bool any = false;
  for (int i = 0; i < 4; i++) {
    Global<Function>& hook = StateOf(iso)->promise_hooks[static_cast<int>(kinds[i])];
    hook.Reset();
    if (!info[i]->IsFunction()) continue;
    hook.Reset(iso, info[i].As<Function>());
    any = true;
  }
  iso->SetPromiseHook(any ? OnPromiseHook : nullptr);
}

void Keep(const Info& info, Global<Function> hob_isolate::* slot) {
  hob_isolate* st = StateOf(info.GetIsolate());
  if (info[0]->IsFunction())
    (st->*slot).Reset(info.GetIsolate(), info[0].As<Function>());
  else
    (st->*slot).Reset();
}
// fn(type, promise, value): 0 rejected without handler, 1 handler added later, 2 rejected again, 3 resolved after.
void SetPromiseRejectCallback(const Info& info) { Keep(info, &hob_isolate::promise_reject); }
// fn(kind, code, message, props) → the error object for a coded error that Go raised.
void SetErrorFactory(const Info& info) { Keep(info, &hob_isolate::error_factory); }
// fn(error, callSites) → string; undefined turns it off. Only set while something must map stacks: V8's own
// formatting, with Error.prepareStackTrace, is faster and is what runs otherwise.
void SetPrepareStackTrace(const Info& info) {
  Keep(info, &hob_isolate::prepare_stack);
  info.GetIsolate()->SetPrepareStackTraceCallback(info[0]->IsFunction() ? OnPrepareStackTrace : nullptr);
}
void SetBufferProto(const Info& info) {
  if (info[0]->IsObject()) SetBufferPrototype(info.GetIsolate(), info[0].As<Object>());
}

// [file, line, source line, start column, end column] of where `error` came from; undefined when V8 does not know.
void GetErrorSource(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx = iso->GetCurrentContext();
  Local<Message> m = Exception::CreateMessage(iso, info[0]);
  Local<String> line;
  if (m.IsEmpty() || !m->GetSourceLine(cx).ToLocal(&line)) return;
  Local<Value> out[] = {m->GetScriptResourceName(), Integer::New(iso, m->GetLineNumber(cx).FromMaybe(0)), line,
                        Integer::New(iso, m->GetStartColumn(cx).FromMaybe(0)),
                        Integer::New(iso, m->GetEndColumn(cx).FromMaybe(0))};
  info.GetReturnValue().Set(Array::New(iso, out, 5));
}

// The monotonic clock in ms. Reading it here costs a fifth of a call into Go.
double FastMonotonicNow(Local<Value>) {
  auto t = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(t).count();
}
void MonotonicNow(const Info& info) { info.GetReturnValue().Set(FastMonotonicNow(info.This())); }
const CFunction fast_monotonic_now = CFunction::Make(FastMonotonicNow);
void FastSetContinuationData(Local<Value>, Local<Value> data, FastApiCallbackOptions& options) {
  options.isolate->SetContinuationPreservedEmbedderData(data);
}
const CFunction fast_set_continuation_data = CFunction::Make(FastSetContinuationData);

}  // namespace

void OnPromiseReject(PromiseRejectMessage m) {
  Local<Promise> p = m.GetPromise();
  Isolate* iso = Isolate::GetCurrent();
  hob_isolate* st = StateOf(iso);
  if (st->promise_reject.IsEmpty()) return;
  Local<Value> v = m.GetValue();
  if (v.IsEmpty()) v = Undefined(iso);
  Local<Context> cx = iso->GetCurrentContext();
  Local<Value> args[] = {Integer::New(iso, m.GetEvent()), p, v};
  TryCatch tc(iso);
  (void)st->promise_reject.Get(iso)->Call(cx, Undefined(iso), 3, args);
}

MaybeLocal<Value> OnPrepareStackTrace(Local<Context> cx, Local<Value> error, Local<Array> sites) {
  Isolate* iso = Isolate::GetCurrent();
  hob_isolate* st = StateOf(iso);
  if (st->prepare_stack.IsEmpty()) return Undefined(iso);
  Local<Value> args[] = {error, sites};
  return st->prepare_stack.Get(iso)->Call(cx, Undefined(iso), 2, args);
}

const NativeEntry kTurnNatives[] = {
    {"runMicrotasks", RunMicrotasks},
    {"enqueueMicrotask", EnqueueMicrotask},
    {"getContinuationData", GetContinuationData},
    {"setContinuationData", SetContinuationData, &fast_set_continuation_data},
    {"setPromiseHooks", SetPromiseHooks},
    {"setPromiseRejectCallback", SetPromiseRejectCallback},
    {"setErrorFactory", SetErrorFactory},
    {"setPrepareStackTrace", SetPrepareStackTrace},
    {"setBufferPrototype", SetBufferProto},
    {"getErrorSource", GetErrorSource},
    {"monotonicNow", MonotonicNow, &fast_monotonic_now},
    {nullptr, nullptr},
};
