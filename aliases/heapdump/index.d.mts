/** The types of `rs-profiler/heapdump`, for those who import `heapdump`. */
export * from 'rs-profiler/heapdump';
export { default } from 'rs-profiler/heapdump';
