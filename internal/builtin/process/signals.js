'use strict';

// Signals as events of process: a listener for a signal's name starts a handle, the last one removed stops it.

const { startSignal, stopSignal } = native;

const signals = {
  __proto__: null,
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGIOT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGSTKFLT: 16,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPOLL: 29,
  SIGPWR: 30,
  SIGSYS: 31,
};

const started = new Set();

function install(process) {
  process.on('newListener', (event) => {
    if (event === 'multipleResolves') {
      process.emitWarning('The multipleResolves event has been deprecated.', 'DeprecationWarning', 'DEP0160');
    }
    if (typeof event !== 'string' || signals[event] === undefined || started.has(event)) return;
    const number = signals[event];
    startSignal(number, () => process.emit(event, event, number));
    started.add(event);
  });
  process.on('removeListener', (event) => {
    if (!started.has(event) || process.listenerCount(event) > 0) return;
    stopSignal(signals[event]);
    started.delete(event);
  });
}

module.exports = { signals, install };
