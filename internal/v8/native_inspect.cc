// engine natives that look into values: what kind of object it is, what is inside, where it was defined. They never run
// user code, so they are what util.inspect, util.types and deep equality stand on.
#include <cstdio>
#include <iterator>

#include "natives.h"

using namespace v8;

namespace {

using Info = FunctionCallbackInfo<Value>;

template <bool (Value::*Test)() const>
void Is(const Info& info) {
  info.GetReturnValue().Set((*info[0]->*Test)());
}

template <bool (Value::*Test)() const>
bool FastIs(Local<Value>, Local<Value> v) {
  return (*v->*Test)();
}
template <bool (Value::*Test)() const>
const CFunction fast_is = CFunction::Make(FastIs<Test>);

template <bool (Value::*Test)() const>
constexpr NativeEntry Check(const char* name) {
  return {name, Is<Test>, &fast_is<Test>};
}

void IsAnyArrayBuffer(const Info& info) {
  info.GetReturnValue().Set(info[0]->IsArrayBuffer() || info[0]->IsSharedArrayBuffer());
}

void IsBoxedPrimitive(const Info& info) {
  Local<Value> v = info[0];
  info.GetReturnValue().Set(v->IsNumberObject() || v->IsStringObject() || v->IsBooleanObject() || v->IsBigIntObject() ||
                            v->IsSymbolObject());
}

// One number for what util.inspect would otherwise ask in twenty calls. The numbers are named in builtin/util/value.js.
int Kind(Local<Value> v) {
  int kind = 0;
  // Most of all: an ordinary object, which is none of those below.
  if (v->IsObject() && internal::Internals::GetInstanceType(internal::ValueHelper::ValueAsAddress(*v)) ==
                           internal::Internals::kJSObjectType)
    return 0;
  if (v->IsProxy()) {
    kind = 20;
  } else if (v->IsFunction()) {
    kind = 21;
  } else if (v->IsArray()) {
    kind = 14;
  } else if (v->IsObject()) {
    constexpr struct {
      bool (Value::*test)() const;
      int kind;
    } kinds[] = {
        {&Value::IsArgumentsObject, 1}, {&Value::IsRegExp, 2},      {&Value::IsDate, 3},
        {&Value::IsNativeError, 4},     {&Value::IsArrayBuffer, 5}, {&Value::IsSharedArrayBuffer, 6},
        {&Value::IsDataView, 7},        {&Value::IsPromise, 8},     {&Value::IsWeakSet, 9},
        {&Value::IsWeakMap, 10},        {&Value::IsSet, 15},        {&Value::IsMap, 16},
        {&Value::IsTypedArray, 17},     {&Value::IsMapIterator, 18}, {&Value::IsSetIterator, 19},
        {&Value::IsNumberObject, 12},   {&Value::IsStringObject, 12}, {&Value::IsBooleanObject, 12},
        {&Value::IsBigIntObject, 12},   {&Value::IsSymbolObject, 12}, {&Value::IsModuleNamespaceObject, 11},
        {&Value::IsExternal, 13},
    };
    for (const auto& k : kinds) {
      if (((*v)->*k.test)()) {
        kind = k.kind;
        break;
      }
    }
  }
  return kind;
}
void KindOf(const Info& info) { info.GetReturnValue().Set(Kind(info[0])); }
int32_t FastKindOf(Local<Value>, Local<Value> v) { return Kind(v); }
const CFunction fast_kind_of = CFunction::Make(FastKindOf);

void GetProxyDetails(const Info& info) {
  if (!info[0]->IsProxy()) return;
  Isolate* iso = info.GetIsolate();
  Local<Proxy> proxy = info[0].As<Proxy>();
  // A revoked proxy answers null twice.
  Local<Value> parts[] = {proxy->GetTarget(), proxy->GetHandler()};
  info.GetReturnValue().Set(Array::New(iso, parts, std::size(parts)));
}

void GetPromiseDetails(const Info& info) {
  if (!info[0]->IsPromise()) return;
  Isolate* iso = info.GetIsolate();
  Local<Promise> promise = info[0].As<Promise>();
  Promise::PromiseState state = promise->State();
  Local<Value> parts[] = {Integer::New(iso, state), Undefined(iso)};
  if (state != Promise::kPending) parts[1] = promise->Result();
  info.GetReturnValue().Set(Array::New(iso, parts, std::size(parts)));
}

void PreviewEntries(const Info& info) {
  if (!info[0]->IsObject()) return;
  Isolate* iso = info.GetIsolate();
  bool key_value = false;
  Local<Array> entries;
  if (!info[0].As<Object>()->PreviewEntries(&key_value).ToLocal(&entries)) return;
  Local<Value> parts[] = {entries, Boolean::New(iso, key_value)};
  info.GetReturnValue().Set(Array::New(iso, parts, std::size(parts)));
}

void GetOwnNonIndexProperties(const Info& info) {
  if (!info[0]->IsObject()) return;
  Isolate* iso = info.GetIsolate();
  PropertyFilter filter = info[1]->IsTrue() ? ONLY_ENUMERABLE : ALL_PROPERTIES;
  Local<Array> names;
  if (!info[0]
           .As<Object>()
           ->GetPropertyNames(iso->GetCurrentContext(), KeyCollectionMode::kOwnOnly, filter, IndexFilter::kSkipIndices)
           .ToLocal(&names))
    return;  // a proxy's trap threw: the exception is pending
  info.GetReturnValue().Set(names);
}

void GetConstructorName(const Info& info) {
  if (info[0]->IsObject()) info.GetReturnValue().Set(info[0].As<Object>()->GetConstructorName());
}

void ExternalAddress(const Info& info) {
  if (!info[0]->IsExternal()) return;
  char text[32];
  int n = snprintf(text, sizeof text, "%llx", reinterpret_cast<unsigned long long>(info[0].As<External>()->Value()));
  Local<String> s;
  if (String::NewFromOneByte(info.GetIsolate(), reinterpret_cast<uint8_t*>(text), NewStringType::kNormal, n).ToLocal(&s))
    info.GetReturnValue().Set(s);
}

Local<Value> OrEmpty(Isolate* iso, Local<String> s) { return s.IsEmpty() ? String::Empty(iso) : s; }

void GetCallSites(const Info& info) {
  Isolate* iso = info.GetIsolate();
  int32_t count = info[0]->IsInt32() ? info[0].As<Int32>()->Value() : 10;
  if (count < 0) count = 0;
  // The caller's caller is what is asked for, but which frames are interesting is JavaScript's business.
  Local<StackTrace> trace = StackTrace::CurrentStackTrace(iso, count, StackTrace::kDetailed);
  int n = trace.IsEmpty() ? 0 : trace->GetFrameCount();
  LocalVector<Value> sites(iso);
  sites.reserve(n);
  for (int i = 0; i < n; i++) {
    Local<StackFrame> f = trace->GetFrame(iso, i);
    Local<Value> site[] = {
        OrEmpty(iso, f->GetFunctionName()),      OrEmpty(iso, f->GetScriptNameOrSourceURL()),
        Integer::New(iso, f->GetLineNumber()),   Integer::New(iso, f->GetColumn()),
        Integer::New(iso, f->GetScriptId()),     Boolean::New(iso, f->IsEval()),
        Boolean::New(iso, f->IsConstructor()),
    };
    sites.push_back(Array::New(iso, site, std::size(site)));
  }
  info.GetReturnValue().Set(Array::New(iso, sites.data(), sites.size()));
}

}  // namespace

const NativeEntry kInspectNatives[] = {
    Check<&Value::IsExternal>("isExternal"),
    Check<&Value::IsDate>("isDate"),
    Check<&Value::IsArgumentsObject>("isArgumentsObject"),
    Check<&Value::IsBigIntObject>("isBigIntObject"),
    Check<&Value::IsBooleanObject>("isBooleanObject"),
    Check<&Value::IsNumberObject>("isNumberObject"),
    Check<&Value::IsStringObject>("isStringObject"),
    Check<&Value::IsSymbolObject>("isSymbolObject"),
    {"isBoxedPrimitive", IsBoxedPrimitive},
    Check<&Value::IsNativeError>("isNativeError"),
    Check<&Value::IsRegExp>("isRegExp"),
    Check<&Value::IsAsyncFunction>("isAsyncFunction"),
    Check<&Value::IsGeneratorFunction>("isGeneratorFunction"),
    Check<&Value::IsGeneratorObject>("isGeneratorObject"),
    Check<&Value::IsPromise>("isPromise"),
    Check<&Value::IsMap>("isMap"),
    Check<&Value::IsSet>("isSet"),
    Check<&Value::IsMapIterator>("isMapIterator"),
    Check<&Value::IsSetIterator>("isSetIterator"),
    Check<&Value::IsWeakMap>("isWeakMap"),
    Check<&Value::IsWeakSet>("isWeakSet"),
    Check<&Value::IsArrayBuffer>("isArrayBuffer"),
    Check<&Value::IsDataView>("isDataView"),
    Check<&Value::IsSharedArrayBuffer>("isSharedArrayBuffer"),
    {"isAnyArrayBuffer", IsAnyArrayBuffer},
    Check<&Value::IsProxy>("isProxy"),
    Check<&Value::IsModuleNamespaceObject>("isModuleNamespaceObject"),
    {"kindOf", KindOf, &fast_kind_of},
    {"getProxyDetails", GetProxyDetails},
    {"getPromiseDetails", GetPromiseDetails},
    {"previewEntries", PreviewEntries},
    {"getOwnNonIndexProperties", GetOwnNonIndexProperties},
    {"getConstructorName", GetConstructorName},
    {"externalAddress", ExternalAddress},
    {"getCallSites", GetCallSites},
    {nullptr, nullptr},
};
