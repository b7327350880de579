declare module 'email-providers' {
  /** Domains where anybody gets an address. */
  const domains: readonly string[];
  export default domains;
}
