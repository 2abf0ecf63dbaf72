/** The page that shows every shared component in every state, in development. */
import "../ui/app.css";
