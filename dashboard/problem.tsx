// What is wrong with the form that was sent, in words; nothing when there is nothing.

export function Problem({ words, id }: { words: string; id?: string }) {
  if (!words) return <></>;
  return (
    <p class="problem" role="alert" id={id}>
      {words}
    </p>
  );
}
