// The tables of C++ natives gathered: the `engine` object that builtin files see, and the external references that a
// start-up snapshot needs. A new file of natives is one line in kTables.
#include "natives.h"

using namespace v8;

namespace {
const NativeEntry* const kTables[] = {
    kTurnNatives, kModuleNatives, kBytesNatives, kInspectNatives, kCloneNatives, kOutboxNatives, kContextNatives,
};
}  // namespace

const intptr_t* ExternalReferences() {
  // Function addresses only: the same for every isolate of the process.
  static const std::vector<intptr_t> refs = [] {
    std::vector<intptr_t> v{reinterpret_cast<intptr_t>(Trampoline)};
    for (const NativeEntry* t : kTables)
      for (; t && t->name; t++) v.push_back(reinterpret_cast<intptr_t>(t->fn));
    v.push_back(0);
    return v;
  }();
  return refs.data();
}

extern "C" uint32_t hob_engine(hob_isolate* st) {
  HandleScope hs(st->iso);
  Local<Context> cx = st->context.Get(st->iso);
  Local<Object> o = Object::New(st->iso);
  for (const NativeEntry* t : kTables) {
    for (; t && t->name; t++) {
      Local<Function> f;
      if (!Function::New(cx, t->fn, Local<Value>(), 0, ConstructorBehavior::kThrow).ToLocal(&f)) continue;
      Local<String> name = Symbolic(st->iso, t->name);
      f->SetName(name);
      (void)o->CreateDataProperty(cx, name, f);
    }
  }
  return NewRef(st, o, false);
}
