/** The page of a session: gate, call, end. */
import "../ui/app.css";
