// Native ESM for the alias of heapdump.
export * from 'rs-profiler/heapdump';
export { default } from 'rs-profiler/heapdump';
