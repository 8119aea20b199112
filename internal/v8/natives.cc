// The tables of C++ natives gathered: the `engine` object that builtin files see, and the external references that a
// start-up snapshot needs. A new file of natives is one line in kTables.
#include "natives.h"

using namespace v8;

namespace {
const NativeEntry* const kTables[] = {
    kTurnNatives, kModuleNatives, kBytesNatives, kInspectNatives, kCloneNatives, kOutboxNatives, kContextNatives, kHeapNatives,
    kFileNatives,
};

// A text in memory that never goes away (embedded in the executable). V8 gives such resources back when a string dies;
// these are the process's.
class StaticSource : public String::ExternalOneByteStringResource {
 public:
  StaticSource(const char* s, size_t n) : s_(s), n_(n) {}
  const char* data() const override { return s_; }
  size_t length() const override { return n_; }
  void Dispose() override {}

 private:
  const char* s_;
  size_t n_;
};
std::vector<StaticSource*> sources;  // written once, before the first isolate
std::unordered_map<const char*, StaticSource*> source_by_text;
}  // namespace

extern "C" void hob_static_sources(const char* const* src, const size_t* len, int n) {
  for (int i = 0; i < n; i++) {
    sources.push_back(new StaticSource(src[i], len[i]));
    source_by_text[src[i]] = sources.back();
  }
}
String::ExternalOneByteStringResource* StaticSourceOf(const char* src) {
  auto it = source_by_text.find(src);
  return it == source_by_text.end() ? nullptr : it->second;
}

const intptr_t* ExternalReferences() {
  // Addresses of functions and of static sources: the same for every isolate of the process.
  static const std::vector<intptr_t> refs = [] {
    std::vector<intptr_t> v{reinterpret_cast<intptr_t>(Trampoline)};
    for (const NativeEntry* t : kTables)
      for (; t && t->name; t++) {
        v.push_back(reinterpret_cast<intptr_t>(t->fn));
        if (!t->fast) continue;
        v.push_back(reinterpret_cast<intptr_t>(t->fast->GetAddress()));
        v.push_back(reinterpret_cast<intptr_t>(t->fast->GetTypeInfo()));
      }
    for (StaticSource* src : sources) v.push_back(reinterpret_cast<intptr_t>(static_cast<String::ExternalOneByteStringResource*>(src)));
    v.push_back(0);
    return v;
  }();
  return refs.data();
}

extern "C" const char* hob_natives_list(void) {
  static const std::string names = [] {
    std::string s;
    for (const NativeEntry* t : kTables)
      for (; t && t->name; t++) s += std::string(t->name) + (t->fast ? "+ " : " ");
    return s;
  }();
  return names.c_str();
}

extern "C" uint32_t hob_engine(hob_isolate* st) {
  HandleScope hs(st->iso);
  Local<Context> cx = st->context.Get(st->iso);
  Local<Object> o = Object::New(st->iso);
  for (const NativeEntry* t : kTables) {
    for (; t && t->name; t++) {
      Local<Function> f;
      Local<FunctionTemplate> made = FunctionTemplate::New(st->iso, t->fn, Local<Value>(), Local<Signature>(), 0,
                                                           ConstructorBehavior::kThrow, SideEffectType::kHasSideEffect,
                                                           t->fast);
      if (!made->GetFunction(cx).ToLocal(&f)) continue;
      Local<String> name = Symbolic(st->iso, t->name);
      f->SetName(name);
      (void)o->CreateDataProperty(cx, name, f);
    }
  }
  return NewRef(st, o, false);
}
