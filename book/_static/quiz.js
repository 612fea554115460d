// Counts first tries and says the verdict aloud. The quiz itself is <details> and works without this file; nothing is stored.
document.addEventListener("DOMContentLoaded", () => {
  const quizzes = [...document.querySelectorAll(".quiz")];
  if (!quizzes.length) return;
  const score = document.createElement("p");
  score.className = "quiz-score";
  score.setAttribute("role", "status");
  quizzes.at(-1).after(score);
  const firstTries = new Map();
  for (const quiz of quizzes) {
    quiz.addEventListener("toggle", (event) => {
      if (!event.target.open || !event.target.matches(".quiz-option")) return;
      const right = event.target.classList.contains("quiz-right");
      if (!firstTries.has(quiz)) firstTries.set(quiz, right);
      const rights = [...firstTries.values()].filter(Boolean).length;
      const verdict = right ? "Right." : "Not this one.";
      score.textContent = `${verdict} Answered: ${firstTries.size} of ${quizzes.length} questions, ` +
        `right at the first try: ${rights}.`;
    }, true);
  }
});
